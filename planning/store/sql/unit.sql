-- One unit by its code on a day, with its predecessors and successors. A code may stand for several units over time.
-- $1 code, $2 day, $3 release or null, $4 whether its shape is wanted.
-- `heirs` are the versions its land went to by the day, through every event in between, with the steps between them.
-- Uses unit_one_version_at_a_time, unit_event_to_code_idx, unit_event_part_from_code_idx.
WITH RECURSIVE asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($3::int IS NULL OR number = $3)
    ORDER BY number DESC
    LIMIT 1
),
-- with steps.sql
versions AS MATERIALIZED (
    SELECT u.*, in_force(u.valid_from, u.valid_to, $2) AS in_force
    FROM asked, unit u
    WHERE u.code = $1 AND known(u.release_from, u.release_to, asked.number)
),
asked_unit AS MATERIALIZED (
    SELECT * FROM versions WHERE valid_from <= $2 ORDER BY valid_from DESC LIMIT 1
),
heirs AS (
    SELECT id, code, name, valid_from, valid_to FROM asked_unit
    UNION
    SELECT t.id, t.code, t.name, t.valid_from, t.valid_to
    FROM heirs h
    CROSS JOIN asked
    CROSS JOIN LATERAL (
        SELECT s.to_code FROM step s WHERE s.from_code = h.code AND s.effective = h.valid_to AND s.effective <= $2 OFFSET 0
    ) s
    JOIN unit t ON t.code = s.to_code AND t.valid_from = h.valid_to AND known(t.release_from, t.release_to, asked.number)
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (SELECT min(valid_from) FROM versions) AS known_from,
    (
        SELECT json_build_object('code', u.code, 'name', u.name, 'kind', u.kind, 'level', u.level,
            'province_code', u.province_code, 'district', u.district, 'valid_from', u.valid_from, 'valid_to', u.valid_to,
            'in_force', u.in_force, 'area_km2', ST_Area(u.geom) / 1e6, 'declared_area_km2', u.declared_area_km2,
            'population', u.population, 'legal_basis', u.legal_basis, 'boundary_how', u.boundary_how, 'coastal', u.coastal,
            'bbox', CASE WHEN box.lonlat IS NOT NULL THEN
                json_build_array(ST_XMin(box.lonlat), ST_YMin(box.lonlat), ST_XMax(box.lonlat), ST_YMax(box.lonlat)) END)
        FROM asked_unit u
        CROSS JOIN LATERAL (SELECT ST_Transform(ST_Envelope(u.geom_web), 4326) AS lonlat OFFSET 0) box
    ) AS unit,
    (
        SELECT ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(u.geom_web, 4326)), 7) FROM asked_unit u WHERE $4
    ) AS shape,
    (
        SELECT json_agg(json_build_object('code', v.code, 'name', v.name, 'kind', v.kind, 'district', v.district,
            'valid_from', v.valid_from, 'valid_to', v.valid_to) ORDER BY v.valid_from DESC)
        FROM asked_unit u
        JOIN versions v ON v.valid_from < u.valid_from
    ) AS earlier,
    (
        SELECT json_agg(json_build_object('code', s.from_code, 'name', s.from_name,
            'district', coalesce(s.from_district, f.district), 'event', s.event, 'extent', s.extent, 'scope', s.scope,
            'after_clauses', s.after_clauses, 'resolution', s.resolution, 'clause', s.clause, 'effective', s.effective,
            'declared_area_km2', s.declared_area_km2, 'population', s.population, 'area_m2', s.area_m2, 'how', s.how,
            'from_area_m2', ST_Area(f.geom), 'to_area_m2', ST_Area(u.geom)) ORDER BY s.from_code, s.part_id)
        FROM asked_unit u
        CROSS JOIN LATERAL (SELECT * FROM step s WHERE s.to_code = u.code AND s.effective = u.valid_from OFFSET 0) s
        LEFT JOIN unit f ON f.code = s.from_code AND in_force(f.valid_from, f.valid_to, s.effective - 1)
            AND known(f.release_from, f.release_to, asked.number)
    ) AS predecessors,
    (
        SELECT json_agg(json_build_object('code', s.to_code, 'name', s.to_name, 'district', t.district, 'event', s.event,
            'extent', s.extent, 'scope', s.scope, 'after_clauses', s.after_clauses, 'resolution', s.resolution,
            'clause', s.clause, 'effective', s.effective, 'declared_area_km2', s.declared_area_km2,
            'population', s.population, 'area_m2', s.area_m2, 'how', s.how, 'from_area_m2', ST_Area(u.geom),
            'to_area_m2', ST_Area(t.geom)) ORDER BY s.effective, s.to_code, s.part_id)
        FROM asked_unit u
        CROSS JOIN LATERAL (
            SELECT * FROM step s
            WHERE s.from_code = u.code AND s.effective > u.valid_from AND s.effective <= coalesce(u.valid_to, 'infinity')
            OFFSET 0
        ) s
        LEFT JOIN unit t ON t.code = s.to_code AND t.valid_from = s.effective
            AND known(t.release_from, t.release_to, asked.number)
    ) AS successors,
    (
        SELECT json_agg(json_build_object('code', h.code, 'name', h.name, 'since', h.valid_from, 'until', h.valid_to))
        FROM heirs h
    ) AS heirs,
    (
        SELECT json_agg(json_build_object('from_code', h.code, 'from_since', h.valid_from, 'to_code', s.to_code,
            'effective', s.effective, 'extent', s.extent, 'area_m2', s.area_m2, 'from_area_m2', ST_Area(f.geom), 'of', (
                SELECT count(*) FROM step other WHERE other.to_code = s.to_code AND other.effective = s.effective
            )))
        FROM heirs h
        JOIN unit f ON f.id = h.id
        CROSS JOIN LATERAL (
            SELECT * FROM step s WHERE s.from_code = h.code AND s.effective = h.valid_to AND s.effective <= $2 OFFSET 0
        ) s
    ) AS steps
FROM asked
