-- Units on a day by the words of their names; with former units and what followed them where asked.
-- $7 release or null, $9 whether shapes are wanted; the others as found_units.sql says.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($7::int IS NULL OR number = $7)
    ORDER BY number DESC
    LIMIT 1
),
-- with steps.sql
-- with found_units.sql
shown AS (SELECT * FROM found)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (SELECT count(*) FROM matching) AS total,
    (
        SELECT json_agg(json_build_object('code', u.code, 'name', u.name, 'kind', u.kind, 'level', u.level,
            'province_code', u.province_code, 'district', u.district, 'valid_from', u.valid_from, 'valid_to', u.valid_to,
            'in_force', f.in_force, 'homonyms', f.homonyms,
            'bbox', CASE WHEN box.lonlat IS NOT NULL THEN
                json_build_array(ST_XMin(box.lonlat), ST_YMin(box.lonlat), ST_XMax(box.lonlat), ST_YMax(box.lonlat)) END,
            'successors', coalesce(after.units, '[]'::json),
            'shape', CASE WHEN $9 THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(u.geom_web, 4326)), 7)::json END)
            ORDER BY f.rank)
        FROM shown f
        JOIN unit u ON u.id = f.unit_id
        CROSS JOIN LATERAL (SELECT ST_Transform(ST_Envelope(u.geom_web), 4326) AS lonlat OFFSET 0) box
        LEFT JOIN LATERAL (
            SELECT json_agg(DISTINCT jsonb_build_object('code', s.to_code, 'name', s.to_name)) AS units
            FROM (SELECT * FROM step s WHERE s.from_code = u.code AND s.effective = u.valid_to OFFSET 0) s
        ) after ON true
    ) AS units
FROM asked
