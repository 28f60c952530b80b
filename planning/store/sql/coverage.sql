-- Coverage ratios of a day, as the last check of a period around it found them.
-- $1 level or null, $2 unit or null, $3 day, $4 release or null. Uses check_run_pkey, coverage_pkey.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($4::int IS NULL OR number = $4)
    ORDER BY number DESC
    LIMIT 1
),
run AS MATERIALIZED (
    SELECT r.*
    FROM asked, check_run r
    WHERE r.release = asked.number AND in_force(r.holds_from, r.holds_to, $3)
),
held AS MATERIALIZED (
    SELECT c.*
    FROM run
    JOIN coverage c ON c.release = run.release AND c.holds_from = run.holds_from
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (SELECT holds_from FROM run) AS holds_from,
    (SELECT holds_to FROM run) AS holds_to,
    EXISTS (SELECT FROM run) AS checked,
    (
        SELECT json_agg(json_build_object('unit_code', h.unit_code, 'unit_name', u.name, 'level', h.level, 'area_m2', h.area_m2,
            'planned_m2', h.planned_m2, 'zoned_m2', h.zoned_m2, 'ratio_pct', 100 * h.planned_m2 / h.area_m2,
            'target_pct', h.target_pct,
            'plan_codes', h.plan_codes) ORDER BY h.level, h.planned_m2 / h.area_m2, h.unit_code)
        FROM held h
        LEFT JOIN unit u ON u.code = h.unit_code AND known(u.release_from, u.release_to, asked.number)
            AND in_force(u.valid_from, u.valid_to, $3)
        WHERE ($1::text IS NULL OR h.level = $1) AND ($2::text IS NULL OR h.unit_code = $2)
    ) AS rows,
    (
        SELECT json_agg(json_build_object('code', u.code, 'name', u.name) ORDER BY u.code)
        FROM unit u
        WHERE u.level = 'commune' AND u.geom IS NULL AND known(u.release_from, u.release_to, asked.number)
            AND in_force(u.valid_from, u.valid_to, $3) AND ($2::text IS NULL OR u.code = $2)
    ) AS undrawn
FROM asked
