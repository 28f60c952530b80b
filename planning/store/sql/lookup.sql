-- What is recorded at points: a row each, in their order. $1 eastings, $2 northings (storage CRS), $3 day, $4 release or null for the
-- latest, $5 storage SRID, $6 whether shapes of zones are wanted. What no place changes (names, decisions, documents) is read once a
-- release: register.sql. Touching counts, within 1 mm: a point on a border answers with every side.
-- Starting the plan costs as much as a point does: points that are asked at the same moment share it.
-- OFFSET 0 keeps what is asked of single plans from being asked of all.
-- Uses unit_piece_geom_idx, parcel_geom_idx, plan_piece_geom_idx, zone_geom_idx, zone_piece_geom_idx.
SELECT recorded.*
FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS place (x, y, number)
CROSS JOIN LATERAL (
WITH question AS (SELECT $4::int AS release, $3::date AS day, $6::boolean AS drawn),
-- with asked.sql
subject AS MATERIALIZED (SELECT ST_SetSRID(ST_MakePoint(place.x, place.y), $5::int) AS geom),
zones AS MATERIALIZED (
    SELECT z.*
    FROM subject s, zone z
    WHERE NOT z.pieced AND ST_DWithin(z.geom, s.geom, 0.001)
    UNION ALL
    SELECT z.*
    FROM (
        SELECT DISTINCT piece.zone_id FROM subject s, zone_piece piece WHERE ST_DWithin(piece.geom, s.geom, 0.001)
    ) large
    JOIN zone z ON z.id = large.zone_id
),
near AS MATERIALIZED (
    SELECT piece.plan_id FROM subject s, plan_piece piece WHERE ST_DWithin(piece.geom, s.geom, 0.001)
    UNION
    SELECT plan_id FROM zones
),
plans AS MATERIALIZED (
    SELECT near.plan_id AS id, p.amends, count(*) OVER (PARTITION BY p.level) > 1 AS contested
    FROM near
    CROSS JOIN asked
    CROSS JOIN LATERAL (
        SELECT p.level, p.amends FROM plan p
        WHERE p.id = near.plan_id AND known(p.release_from, p.release_to, asked.number) AND in_force(p.valid_from, p.valid_to, asked.day)
        OFFSET 0
    ) p
),
-- with around.sql
SELECT
    asked.number AS release,
    (SELECT array_agg(DISTINCT piece.unit_id) FROM unit_piece piece WHERE ST_DWithin(piece.geom, subject.geom, 0.001)) AS units,
    (SELECT array_agg(id) FROM plans) AS plans,
    (
        SELECT array_agg(plans.id)
        FROM plans
        CROSS JOIN LATERAL (
            SELECT FROM plan p
            WHERE p.id = plans.id AND ST_Contains(p.geom, subject.geom) AND NOT ST_DWithin(ST_Boundary(p.geom), subject.geom, 0.001)
            OFFSET 0
        ) held
        WHERE plans.contested
    ) AS inside,
    (
        SELECT json_agg(json_build_object('id', z.id, 'plan_id', z.plan_id, 'lot_symbol', z.lot_symbol,
            'function_code', z.function_code, 'function_scheme', z.function_scheme, 'article', z.article, 'density_pct', z.density_pct,
            'floors_min', z.floors_min, 'floors_max', z.floors_max, 'height_max_m', z.height_max_m, 'far_max', z.far_max,
            'setback_m', z.setback_m, 'declared_area_m2', z.declared_area_m2,
            -- where a plan here amends another its zones may cut others, by the rules: the ground around the point, from the point
            'near', CASE WHEN (SELECT bool_or(amends IS NOT NULL) FROM plans) THEN
                ST_AsHEXEWKB(ST_Translate(ST_Intersection(z.geom, ST_Expand(subject.geom, 0.01)), -place.x, -place.y)) END,
            'shape', CASE WHEN asked.drawn THEN ST_AsHEXEWKB(z.geom) END) ORDER BY z.id)
        FROM zones z
    ) AS zones,
    (
        SELECT json_agg(json_build_object('former_code', c.former_code, 'sheet', c.sheet, 'number', c.number,
            'land_use_code', c.land_use_code, 'declared_area_m2', c.declared_area_m2, 'area_m2', ST_Area(c.geom))
            ORDER BY c.former_code, c.sheet, c.number)
        FROM parcel c
        WHERE ST_DWithin(c.geom, subject.geom, 0.001) AND known(c.release_from, c.release_to, asked.number)
            AND in_force(c.valid_from, c.valid_to, asked.day)
    ) AS parcels,
    around.lines, around.findings, around.checked_at
FROM asked, subject, around
) recorded
ORDER BY place.number
