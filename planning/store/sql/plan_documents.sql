-- The documents of a plan as a release knows them. $1 plan, $2 day, $3 release or null for the latest.
-- Uses document_version_key; the plan's name is that of its version of the day, else of the last one (plan_one_version_at_a_time).
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($3::int IS NULL OR number = $3)
    ORDER BY number DESC
    LIMIT 1
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (
        SELECT json_build_object('code', p.code, 'name', p.name, 'level', p.level)
        FROM plan p
        WHERE p.code = $1 AND known(p.release_from, p.release_to, asked.number)
        ORDER BY in_force(p.valid_from, p.valid_to, $2) DESC, p.valid_from DESC
        LIMIT 1
    ) AS plan,
    (
        SELECT json_agg(json_build_object('type', m.type, 'title', m.title, 'number', m.number, 'date', m.date, 'file_name', m.file_name,
            'media_type', m.media_type, 'size', m.size, 'sha256', m.sha256, 'flags', m.flags) ORDER BY m.date, m.title, m.id)
        FROM document m
        WHERE m.plan_code = $1 AND known(m.release_from, m.release_to, asked.number)
    ) AS documents
FROM asked
