-- One unit by its code on a day, with its predecessors and successors. A code may stand for several units over time.
-- $1 code, $2 day, $3 release or null, $4 whether its shape is wanted.
-- Uses unit_one_version_at_a_time, unit_event_to_code_idx, unit_event_part_from_code_idx.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($3::int IS NULL OR number = $3)
    ORDER BY number DESC
    LIMIT 1
),
versions AS MATERIALIZED (
    SELECT u.*, in_force(u.valid_from, u.valid_to, $2) AS in_force
    FROM asked, unit u
    WHERE u.code = $1 AND known(u.release_from, u.release_to, asked.number) AND u.valid_from <= $2
    ORDER BY u.valid_from DESC
    LIMIT 1
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (
        SELECT json_build_object('code', u.code, 'name', u.name, 'kind', u.kind, 'level', u.level,
            'province_code', u.province_code, 'district', u.district, 'valid_from', u.valid_from, 'valid_to', u.valid_to,
            'in_force', u.in_force, 'area_km2', ST_Area(u.geom) / 1e6, 'declared_area_km2', u.declared_area_km2,
            'population', u.population, 'legal_basis', u.legal_basis,
            'bbox', json_build_array(ST_XMin(box.lonlat), ST_YMin(box.lonlat), ST_XMax(box.lonlat), ST_YMax(box.lonlat)))
        FROM versions u
        CROSS JOIN LATERAL (SELECT ST_Transform(ST_Envelope(u.geom_web), 4326) AS lonlat OFFSET 0) box
    ) AS unit,
    (
        SELECT ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(u.geom_web, 4326)), 7) FROM versions u WHERE $4
    ) AS shape,
    (
        SELECT json_agg(json_build_object('code', part.from_code, 'name', part.from_name, 'district', part.from_district,
            'extent', part.extent, 'scope', part.scope, 'resolution', e.resolution, 'clause', e.clause, 'effective', e.effective)
            ORDER BY part.from_code)
        FROM versions u
        JOIN unit_event e ON e.to_code = u.code AND e.effective = u.valid_from
        JOIN unit_event_part part ON part.event_id = e.id
        WHERE known(e.release_from, e.release_to, asked.number)
    ) AS predecessors,
    (
        SELECT json_agg(json_build_object('code', e.to_code, 'name', e.to_name, 'district', NULL,
            'extent', part.extent, 'scope', part.scope, 'resolution', e.resolution, 'clause', e.clause, 'effective', e.effective)
            ORDER BY e.to_code)
        FROM versions u
        JOIN unit_event_part part ON part.from_code = u.code
        JOIN unit_event e ON e.id = part.event_id AND e.effective = u.valid_to
        WHERE known(e.release_from, e.release_to, asked.number)
    ) AS successors
FROM asked
