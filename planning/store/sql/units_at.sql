-- Units in force on a day at a point or under a polygon; and where no commune on record lies there, the later unit whose former
-- units have no boundary on record, or the ended unit whose successors have none, with those that come into question.
-- $1 the place as WKB (storage CRS), $2 day, $3 release or null, $4 storage SRID. Uses unit_geom_idx.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($3::int IS NULL OR number = $3)
    ORDER BY number DESC
    LIMIT 1
),
-- with steps.sql
here AS MATERIALIZED (
    SELECT place.shape, ST_Area(place.shape) AS area_m2
    FROM (SELECT ST_GeomFromWKB($1::bytea, $4::int) AS shape OFFSET 0) place
),
units AS MATERIALIZED (
    SELECT u.id, u.code, u.name, u.kind, u.level, u.province_code, u.district, u.valid_from, u.valid_to,
        ST_Intersection(u.geom, here.shape) AS shape
    FROM asked, here, unit u
    WHERE ST_Intersects(u.geom, here.shape) AND known(u.release_from, u.release_to, asked.number)
        AND in_force(u.valid_from, u.valid_to, $2)
),
bare AS MATERIALIZED (
    SELECT coalesce(ST_Difference(here.shape, (SELECT ST_Union(shape) FROM units WHERE level = 'commune')), here.shape) AS shape
    FROM here
),
later AS MATERIALIZED (
    SELECT u.id, u.code, u.name, u.valid_from, ST_Intersection(u.geom, bare.shape) AS shape
    FROM asked, bare, unit u
    WHERE ST_Intersects(u.geom, bare.shape) AND known(u.release_from, u.release_to, asked.number)
        AND u.level = 'commune' AND u.valid_from > $2
),
next AS MATERIALIZED (
    SELECT l.* FROM later l
    WHERE NOT EXISTS (
        SELECT FROM later sooner
        WHERE sooner.valid_from < l.valid_from
            AND ST_Intersects(sooner.shape, l.shape)
            AND 2 * ST_Area(ST_Intersection(sooner.shape, l.shape)) >= ST_Area(l.shape)
    )
),
ended AS MATERIALIZED (
    SELECT u.id, u.code, u.name, u.valid_to, ST_Intersection(u.geom, bare.shape) AS shape
    FROM asked, bare, unit u
    WHERE ST_Intersects(u.geom, bare.shape) AND known(u.release_from, u.release_to, asked.number)
        AND u.level = 'commune' AND u.valid_to <= $2
),
past AS MATERIALIZED (
    SELECT e.* FROM ended e
    WHERE NOT EXISTS (
        SELECT FROM ended after
        WHERE after.valid_to > e.valid_to
            AND ST_Intersects(after.shape, e.shape)
            AND 2 * ST_Area(ST_Intersection(after.shape, e.shape)) >= ST_Area(e.shape)
    )
),
unknown AS MATERIALIZED (
    SELECT 'later' AS side, n.code, n.name, n.valid_from AS effective, ST_Area(n.shape) AS area_m2, candidates.rows
    FROM asked, next n
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_object('code', s.from_code, 'name', s.from_name,
            'district', coalesce(s.from_district, f.district), 'event', s.event, 'extent', s.extent, 'scope', s.scope,
            'after_clauses', s.after_clauses, 'resolution', s.resolution, 'clause', s.clause, 'effective', s.effective,
            'declared_area_km2', s.declared_area_km2, 'population', s.population, 'area_m2', s.area_m2, 'how', s.how,
            'from_area_m2', NULL, 'to_area_m2', ST_Area(t.geom)) ORDER BY s.from_code, s.part_id) AS rows
        FROM (SELECT * FROM step s WHERE s.to_code = n.code AND s.effective = n.valid_from OFFSET 0) s
        JOIN unit t ON t.id = n.id
        JOIN unit_event_part land ON land.id = s.part_id
        LEFT JOIN unit f ON f.code = s.from_code AND in_force(f.valid_from, f.valid_to, n.valid_from - 1)
            AND known(f.release_from, f.release_to, asked.number)
        WHERE f.geom IS NULL AND (f.id IS NULL OR f.valid_from <= $2) AND (
            ST_Intersects(land.geom, n.shape)
            OR land.geom IS NULL AND NOT EXISTS (
                SELECT FROM unit_event_part other
                WHERE other.event_id = land.event_id AND ST_Covers(other.geom, n.shape)
            )
        )
    ) candidates
    WHERE candidates.rows IS NOT NULL
    UNION ALL
    SELECT 'ended', p.code, p.name, p.valid_to, ST_Area(p.shape), candidates.rows
    FROM asked, past p
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_object('code', s.to_code, 'name', s.to_name,
            'district', t.district, 'event', s.event, 'extent', s.extent, 'scope', s.scope,
            'after_clauses', s.after_clauses, 'resolution', s.resolution, 'clause', s.clause, 'effective', s.effective,
            'declared_area_km2', s.declared_area_km2, 'population', s.population, 'area_m2', s.area_m2, 'how', s.how,
            'from_area_m2', ST_Area(f.geom), 'to_area_m2', NULL) ORDER BY s.to_code, s.part_id) AS rows
        FROM (SELECT * FROM step s WHERE s.from_code = p.code AND s.effective = p.valid_to OFFSET 0) s
        JOIN unit f ON f.id = p.id
        JOIN unit_event_part land ON land.id = s.part_id
        JOIN unit t ON t.code = s.to_code AND in_force(t.valid_from, t.valid_to, $2)
            AND known(t.release_from, t.release_to, asked.number)
        WHERE t.geom IS NULL AND t.valid_from = s.effective AND (
            s.extent = 'whole' OR land.geom IS NULL OR ST_Intersects(land.geom, p.shape)
        )
    ) candidates
    WHERE candidates.rows IS NOT NULL
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (SELECT area_m2 FROM here) AS place_m2,
    (
        SELECT json_agg(json_build_object('code', u.code, 'name', u.name, 'kind', u.kind, 'level', u.level,
            'province_code', u.province_code, 'district', u.district, 'valid_from', u.valid_from, 'valid_to', u.valid_to,
            'area_m2', ST_Area(u.shape)) ORDER BY u.level, ST_Area(u.shape) DESC, u.code)
        FROM units u
    ) AS units,
    (
        SELECT json_agg(json_build_object('side', k.side, 'unit', json_build_object('code', k.code, 'name', k.name,
            'effective', k.effective), 'area_m2', k.area_m2, 'candidates', k.rows) ORDER BY k.side, k.code)
        FROM unknown k
    ) AS unknown
FROM asked
