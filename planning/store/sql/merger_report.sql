-- The impact report of a merger as kept with the newest release up to the one asked about.
-- $1 resolution, $2 effective day or null, $3 release or null. Uses merger_report_pkey.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($3::int IS NULL OR number = $3)
    ORDER BY number DESC
    LIMIT 1
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (
        SELECT r.document
        FROM merger_report r
        WHERE r.resolution = $1 AND ($2::date IS NULL OR r.effective = $2) AND r.release <= asked.number
        ORDER BY r.release DESC, r.effective DESC
        LIMIT 1
    ) AS document
FROM asked
