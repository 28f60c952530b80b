-- Where a unit came from and what became of it, over any number of events: its ancestors with their other successors (one step
-- aside), and its descendants.
-- $1 code, $2 day, $3 release or null, $4 first and $5 last day of the events, or null, $6 whether shapes are wanted, $7 most units.
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
    SELECT u.id, u.code, u.valid_from, u.valid_to
    FROM asked, unit u
    WHERE u.code = $1 AND known(u.release_from, u.release_to, asked.number)
),
asked_unit AS MATERIALIZED (
    SELECT * FROM versions WHERE valid_from <= $2 ORDER BY valid_from DESC LIMIT 1
),
up AS (
    SELECT id, code, valid_from, valid_to FROM asked_unit
    UNION
    SELECT f.id, f.code, f.valid_from, f.valid_to
    FROM up u
    CROSS JOIN asked
    CROSS JOIN LATERAL (
        SELECT s.from_code FROM step s
        WHERE s.to_code = u.code AND s.effective = u.valid_from
            AND s.effective BETWEEN coalesce($4::date, '-infinity') AND coalesce($5::date, 'infinity')
        OFFSET 0
    ) s
    JOIN unit f ON f.code = s.from_code AND in_force(f.valid_from, f.valid_to, u.valid_from - 1)
        AND known(f.release_from, f.release_to, asked.number)
),
down AS (
    SELECT id, code, valid_from, valid_to FROM asked_unit
    UNION
    SELECT t.id, t.code, t.valid_from, t.valid_to
    FROM down d
    CROSS JOIN asked
    CROSS JOIN LATERAL (
        SELECT s.to_code, s.effective FROM step s
        WHERE s.from_code = d.code AND s.effective > d.valid_from AND s.effective <= coalesce(d.valid_to, 'infinity')
            AND s.effective BETWEEN coalesce($4::date, '-infinity') AND coalesce($5::date, 'infinity')
        OFFSET 0
    ) s
    JOIN unit t ON t.code = s.to_code AND t.valid_from = s.effective AND known(t.release_from, t.release_to, asked.number)
),
arcs AS MATERIALIZED (
    SELECT f.id AS from_id, u.id AS to_id, s.*
    FROM up u
    CROSS JOIN asked
    CROSS JOIN LATERAL (
        SELECT * FROM step s
        WHERE s.to_code = u.code AND s.effective = u.valid_from
            AND s.effective BETWEEN coalesce($4::date, '-infinity') AND coalesce($5::date, 'infinity')
        OFFSET 0
    ) s
    LEFT JOIN unit f ON f.code = s.from_code AND in_force(f.valid_from, f.valid_to, s.effective - 1)
        AND known(f.release_from, f.release_to, asked.number)
    UNION
    SELECT o.id, t.id, s.*
    FROM (SELECT * FROM up UNION SELECT * FROM down) o
    CROSS JOIN asked
    CROSS JOIN LATERAL (
        SELECT * FROM step s
        WHERE s.from_code = o.code AND s.effective > o.valid_from AND s.effective <= coalesce(o.valid_to, 'infinity')
            AND s.effective BETWEEN coalesce($4::date, '-infinity') AND coalesce($5::date, 'infinity')
        OFFSET 0
    ) s
    LEFT JOIN unit t ON t.code = s.to_code AND t.valid_from = s.effective
        AND known(t.release_from, t.release_to, asked.number)
),
reached AS MATERIALIZED (
    SELECT id, min(distance) AS distance
    FROM (
        SELECT id, 0 AS distance FROM asked_unit
        UNION ALL SELECT id, 1 FROM up UNION ALL SELECT id, 1 FROM down
        UNION ALL SELECT from_id, 2 FROM arcs UNION ALL SELECT to_id, 2 FROM arcs
    ) one
    WHERE id IS NOT NULL
    GROUP BY id
),
nodes AS MATERIALIZED (
    SELECT u.*
    FROM asked_unit
    CROSS JOIN reached
    JOIN unit u ON u.id = reached.id
    ORDER BY reached.distance, abs(u.valid_from - asked_unit.valid_from), u.code
    LIMIT $7
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (SELECT min(valid_from) FROM versions) AS known_from,
    (SELECT count(*) > $7 FROM reached) AS truncated,
    (
        SELECT json_agg(json_build_object('id', n.code || '@' || n.valid_from, 'code', n.code, 'name', n.name, 'kind', n.kind,
            'district', n.district, 'province_code', n.province_code, 'valid_from', n.valid_from, 'valid_to', n.valid_to,
            'in_force', in_force(n.valid_from, n.valid_to, $2), 'area_km2', ST_Area(n.geom) / 1e6,
            'boundary_how', n.boundary_how,
            'bbox', CASE WHEN box.lonlat IS NOT NULL THEN
                json_build_array(ST_XMin(box.lonlat), ST_YMin(box.lonlat), ST_XMax(box.lonlat), ST_YMax(box.lonlat)) END,
            'shape', CASE WHEN $6 THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(n.geom_web, 4326)), 7)::json END)
            ORDER BY n.valid_from, n.code)
        FROM nodes n
        CROSS JOIN LATERAL (SELECT ST_Transform(ST_Envelope(n.geom_web), 4326) AS lonlat OFFSET 0) box
    ) AS nodes,
    (
        SELECT json_agg(json_build_object('from', f.code || '@' || f.valid_from, 'to', t.code || '@' || t.valid_from,
            'event', a.event, 'resolution', a.resolution, 'clause', a.clause, 'effective', a.effective, 'extent', a.extent,
            'scope', a.scope, 'after_clauses', a.after_clauses, 'area_m2', a.area_m2, 'how', a.how,
            'from_area_m2', ST_Area(f.geom), 'to_area_m2', ST_Area(t.geom), 'from_code', a.from_code,
            'from_name', a.from_name, 'to_code', a.to_code, 'to_name', a.to_name,
            'shape', CASE WHEN $6 THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(land.geom_web, 4326)), 7)::json END)
            ORDER BY a.effective, a.to_code, a.from_code, a.part_id)
        FROM arcs a
        LEFT JOIN nodes f ON f.id = a.from_id
        LEFT JOIN nodes t ON t.id = a.to_id
        LEFT JOIN unit_event_part land ON $6 AND land.id = a.part_id
        WHERE (a.from_id IS NULL OR f.id IS NOT NULL) AND (a.to_id IS NULL OR t.id IS NOT NULL)
    ) AS edges
FROM asked
