-- What lies under a subject and how much of it each takes: areas in m², widths (2 · area / perimeter) in m. For questions that name it
-- “-- with shares.sql” after their CTEs asked and measured (geom: a polygon of the storage CRS; none: nothing is measured). Asked without
-- a day, every plan that was ever published up to the release counts.
-- Uses unit_piece_geom_idx, plan_piece_geom_idx, plan_piece_plan_id_idx, zone_geom_idx, zone_piece_geom_idx.
units AS MATERIALIZED (
    SELECT i.unit_id AS id, sum(i.area_m2) AS area_m2
    FROM (
        SELECT piece.unit_id,
            CASE WHEN ST_Covers(piece.geom, s.geom) THEN ST_Area(s.geom) ELSE ST_Area(ST_Intersection(piece.geom, s.geom)) END AS area_m2
        FROM measured s, unit_piece piece
        WHERE ST_Intersects(piece.geom, s.geom)
    ) i
    GROUP BY i.unit_id
),
zones AS MATERIALIZED (
    SELECT z.*, held.covers, i.shape, ST_Area(i.shape) AS area_m2, 2 * ST_Area(i.shape) / nullif(ST_Perimeter(i.shape), 0) AS width_m
    FROM measured s, zone z
    CROSS JOIN LATERAL (SELECT ST_Covers(z.geom, s.geom) AS covers OFFSET 0) held
    CROSS JOIN LATERAL (
        SELECT CASE WHEN held.covers THEN s.geom ELSE ST_Intersection(z.geom, s.geom) END AS shape OFFSET 0
    ) i
    WHERE NOT z.pieced AND ST_Intersects(z.geom, s.geom)
    UNION ALL
    SELECT z.*, large.covers, large.shape, ST_Area(large.shape), 2 * ST_Area(large.shape) / nullif(ST_Perimeter(large.shape), 0)
    FROM (
        SELECT piece.zone_id, bool_or(ST_Covers(piece.geom, s.geom)) AS covers,
            CASE WHEN bool_or(ST_Covers(piece.geom, s.geom)) THEN s.geom
                ELSE ST_CollectionExtract(ST_Union(ST_Intersection(piece.geom, s.geom)), 3) END AS shape
        FROM measured s, zone_piece piece
        WHERE ST_Intersects(piece.geom, s.geom)
        GROUP BY piece.zone_id, s.geom
    ) large
    JOIN zone z ON z.id = large.zone_id
),
near AS MATERIALIZED (
    SELECT n.plan_id, bool_or(n.covers) AS covers
    FROM (
        SELECT piece.plan_id, ST_Covers(piece.geom, s.geom) AS covers
        FROM measured s, plan_piece piece
        WHERE ST_Intersects(piece.geom, s.geom)
        UNION ALL
        SELECT plan_id, false FROM zones
    ) n
    GROUP BY n.plan_id
),
plans AS MATERIALIZED (
    SELECT p.id, p.level, p.amends, i.shape,
        ST_Area(bare.shape) AS bare_m2, 2 * ST_Area(bare.shape) / nullif(ST_Perimeter(bare.shape), 0) AS bare_width_m,
        bare.shape AS bare, ST_Area(i.shape) AS area_m2
    FROM near
    CROSS JOIN asked
    CROSS JOIN measured s
    CROSS JOIN LATERAL (
        SELECT p.id, p.level, p.amends FROM plan p
        WHERE p.id = near.plan_id AND (
            known(p.release_from, p.release_to, asked.number) AND in_force(p.valid_from, p.valid_to, asked.day)
            OR asked.day IS NULL AND p.release_from <= asked.number)
        OFFSET 0
    ) p
    CROSS JOIN LATERAL (
        SELECT CASE WHEN near.covers THEN s.geom ELSE coalesce(
            (
                SELECT ST_CollectionExtract(ST_Union(ST_Intersection(piece.geom, s.geom)), 3)
                FROM plan_piece piece
                WHERE piece.plan_id = p.id AND ST_Intersects(piece.geom, s.geom)
            ),
            ST_GeomFromText('POLYGON EMPTY', ST_SRID(s.geom))) END AS shape OFFSET 0
    ) i
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN EXISTS (SELECT FROM zones z WHERE z.plan_id = p.id AND z.covers) THEN ST_GeomFromText('POLYGON EMPTY', ST_SRID(s.geom))
            ELSE ST_Difference(i.shape, coalesce(
                (SELECT ST_Union(z.shape) FROM zones z WHERE z.plan_id = p.id AND z.area_m2 > 0),
                ST_GeomFromText('POLYGON EMPTY', ST_SRID(s.geom))))
        END AS shape OFFSET 0
    ) bare
),
shares AS MATERIALIZED (
    SELECT
        (SELECT json_agg(json_build_array(u.id, u.area_m2) ORDER BY u.id) FROM units u) AS units,
        (
            SELECT json_agg(json_build_object('id', p.id, 'area_m2', p.area_m2, 'bare_m2', p.bare_m2, 'bare_width_m', p.bare_width_m,
                'shape', CASE WHEN asked.drawn THEN ST_AsHEXEWKB(p.bare) END) ORDER BY p.area_m2 DESC, p.id)
            FROM plans p
        ) AS plans,
        (
            SELECT json_agg(json_build_object('id', z.id, 'plan_id', z.plan_id, 'lot_symbol', z.lot_symbol,
                'function_code', z.function_code, 'function_scheme', z.function_scheme, 'article', z.article,
                'density_pct', z.density_pct, 'floors_min', z.floors_min, 'floors_max', z.floors_max, 'height_max_m', z.height_max_m,
                'far_max', z.far_max, 'setback_m', z.setback_m, 'declared_area_m2', z.declared_area_m2, 'area_m2', z.area_m2,
                'width_m', z.width_m,
                -- where a plan here amends another its zones may cut others, by the rules
                'shape', CASE WHEN asked.drawn OR (SELECT bool_or(amends IS NOT NULL) FROM plans) THEN ST_AsHEXEWKB(z.shape) END) ORDER BY z.area_m2 DESC, z.id)
            FROM zones z
            JOIN plans p ON p.id = z.plan_id
        ) AS zones,
        (
            SELECT json_agg(json_build_array(one.id, other.id))
            FROM plans one
            JOIN plans other ON one.level = other.level AND one.id < other.id
            WHERE ST_Area(ST_Intersection(one.shape, other.shape)) >= 1
        ) AS conflicts
    FROM asked
),
