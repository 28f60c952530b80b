-- Scanned drawings and how exact they are. $1 plan or null, $2 release or null, $3 most rows.
-- Of one plan by scan_version_key; all of them reads the table whole: some thousands of rows.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($2::int IS NULL OR number = $2)
    ORDER BY number DESC
    LIMIT 1
),
matching AS MATERIALIZED (
    SELECT s.*
    FROM asked, scan s
    WHERE known(s.release_from, s.release_to, asked.number) AND ($1::text IS NULL OR s.plan_code = $1)
),
listed AS MATERIALIZED (
    SELECT m.*, ST_Transform(m.geom_web, 4326) AS lonlat FROM matching m ORDER BY plan_code, title, sha256 LIMIT $3
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (SELECT count(*) FROM matching) AS total,
    (
        SELECT json_agg(json_build_object('plan_code', l.plan_code, 'title', l.title, 'sha256', l.sha256, 'bytes', l.bytes,
            'width', l.width, 'height', l.height, 'method', l.method, 'scale', l.scale, 'gsd_m', l.gsd_m, 'accuracy_m', l.accuracy_m,
            'bounds', json_build_array(ST_XMin(l.lonlat), ST_YMin(l.lonlat), ST_XMax(l.lonlat), ST_YMax(l.lonlat)))
            ORDER BY l.plan_code, l.title, l.sha256)
        FROM listed l
    ) AS scans
FROM asked
