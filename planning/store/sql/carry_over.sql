-- The carry-over ledger: what became of plans at mergers. $1 plan or null, $2 former unit or null, $3 decision or null,
-- $4 release or null, $5 most rows. Reads the ledger whole: some thousands of rows.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($4::int IS NULL OR number = $4)
    ORDER BY number DESC
    LIMIT 1
),
matching AS MATERIALIZED (
    SELECT o.*
    FROM asked, carry_over o
    WHERE known(o.release_from, o.release_to, asked.number) AND ($1::text IS NULL OR o.plan_code = $1)
        AND ($2::text IS NULL OR $2 = ANY (o.unit_codes)) AND ($3::text IS NULL OR o.decision = $3)
),
listed AS MATERIALIZED (SELECT * FROM matching ORDER BY effective, plan_code LIMIT $5)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (SELECT count(*) FROM matching) AS total,
    (
        SELECT json_agg(json_build_object('plan_code', l.plan_code, 'plan_name', p.name, 'level', p.level, 'resolution', l.resolution,
            'effective', l.effective, 'decision', l.decision, 'basis', l.basis, 'unit_codes', l.unit_codes)
            ORDER BY l.effective, l.plan_code)
        FROM listed l
        LEFT JOIN LATERAL (
            SELECT name, level FROM plan p
            WHERE p.code = l.plan_code AND known(p.release_from, p.release_to, asked.number)
            ORDER BY p.valid_from DESC
            LIMIT 1
        ) p ON true
    ) AS entries
FROM asked
