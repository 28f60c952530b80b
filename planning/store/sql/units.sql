-- Units on a day by part of their folded name; with former units and what followed them where asked.
-- $1 folded text or null, $2 level or null, $3 whether former units are wanted, $4 day, $5 release or null, $6 most rows,
-- $7 whether shapes are wanted. Reads the whole table of units: some thousands of rows, names folded at import.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($5::int IS NULL OR number = $5)
    ORDER BY number DESC
    LIMIT 1
),
matching AS MATERIALIZED (
    SELECT u.*, in_force(u.valid_from, u.valid_to, $4) AS in_force
    FROM asked, unit u
    WHERE known(u.release_from, u.release_to, asked.number) AND u.valid_from <= $4
        AND ($3 OR in_force(u.valid_from, u.valid_to, $4))
        AND ($2::text IS NULL OR u.level = $2)
        AND ($1::text IS NULL OR strpos(u.name_folded, $1) > 0 OR u.code = $1)
),
found AS MATERIALIZED (
    SELECT * FROM matching
    ORDER BY in_force DESC, strpos(name_folded, $1), name_folded, code, valid_from
    LIMIT $6
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (SELECT count(*) FROM matching) AS total,
    (
        SELECT json_agg(json_build_object('code', f.code, 'name', f.name, 'kind', f.kind, 'level', f.level,
            'province_code', f.province_code, 'district', f.district, 'valid_from', f.valid_from, 'valid_to', f.valid_to,
            'in_force', f.in_force,
            'bbox', json_build_array(ST_XMin(box.lonlat), ST_YMin(box.lonlat), ST_XMax(box.lonlat), ST_YMax(box.lonlat)),
            'successors', coalesce(after.units, '[]'::json),
            'shape', CASE WHEN $7 THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(f.geom_web, 4326)), 7)::json END)
            ORDER BY f.in_force DESC, strpos(f.name_folded, $1), f.name_folded, f.code, f.valid_from)
        FROM found f
        CROSS JOIN LATERAL (SELECT ST_Transform(ST_Envelope(f.geom_web), 4326) AS lonlat OFFSET 0) box
        LEFT JOIN LATERAL (
            SELECT json_agg(DISTINCT jsonb_build_object('code', e.to_code, 'name', e.to_name)) AS units
            FROM unit_event_part part
            JOIN unit_event e ON e.id = part.event_id
            WHERE part.from_code = f.code AND e.effective = f.valid_to
                AND known(e.release_from, e.release_to, asked.number)
        ) after ON true
    ) AS units
FROM asked
