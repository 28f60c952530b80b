-- A parcel by its key, and what lies under it: as it is kept, or measured where it is not. $1 former commune, $2 sheet, $3 number,
-- $4 day, $5 release or null for the latest, $6 whether shapes are wanted: they are measured.
-- Uses parcel_version_key, parcel_share_pkey, zone_pkey and the indexes of shares.sql and around.sql.
WITH question AS (SELECT $5::int AS release, $4::date AS day, $6::boolean AS drawn),
-- with asked.sql
subject AS MATERIALIZED (
    SELECT c.*
    FROM asked, parcel c
    WHERE c.former_code = $1 AND c.sheet = $2 AND c.number = $3
        AND known(c.release_from, c.release_to, asked.number) AND in_force(c.valid_from, c.valid_to, asked.day)
    LIMIT 1
),
kept AS MATERIALIZED (
    SELECT k.units, k.plans, k.conflicts, k.zone_ids, k.zone_m2, k.zone_width_m
    FROM asked, subject s, parcel_share k
    WHERE k.parcel_id = s.id AND NOT asked.drawn AND NOT k.amended
),
measured AS MATERIALIZED (SELECT s.geom FROM subject s WHERE NOT EXISTS (SELECT FROM kept)),
-- with shares.sql
-- with around.sql
SELECT
    asked.number AS release,
    (
        SELECT json_build_object('former_code', s.former_code, 'sheet', s.sheet, 'number', s.number,
            'land_use_code', s.land_use_code, 'declared_area_m2', s.declared_area_m2, 'area_m2', ST_Area(s.geom),
            'perimeter_m', ST_Perimeter(s.geom), 'valid_from', s.valid_from, 'valid_to', s.valid_to, 'dataset_id', s.dataset_id,
            'centre', ST_AsHEXEWKB(ST_PointOnSurface(s.geom)), 'shape', CASE WHEN asked.drawn THEN ST_AsHEXEWKB(s.geom) END)
        FROM subject s
    ) AS parcel,
    coalesce(kept.units, shares.units) AS units,
    coalesce(kept.plans, shares.plans) AS plans,
    coalesce(shares.zones, (
        SELECT json_agg(json_build_object('id', z.id, 'plan_id', z.plan_id, 'lot_symbol', z.lot_symbol,
            'function_code', z.function_code, 'function_scheme', z.function_scheme, 'article', z.article,
            'density_pct', z.density_pct, 'floors_min', z.floors_min, 'floors_max', z.floors_max, 'height_max_m', z.height_max_m,
            'far_max', z.far_max, 'setback_m', z.setback_m, 'declared_area_m2', z.declared_area_m2, 'area_m2', held.area_m2,
            'width_m', held.width_m) ORDER BY held.area_m2 DESC, z.id)
        FROM unnest(kept.zone_ids, kept.zone_m2, kept.zone_width_m) held (id, area_m2, width_m)
        CROSS JOIN LATERAL (SELECT * FROM zone WHERE zone.id = held.id OFFSET 0) z
    )) AS zones,
    coalesce(kept.conflicts, shares.conflicts) AS conflicts,
    around.lines, around.findings, around.checked_at
FROM asked
CROSS JOIN shares
CROSS JOIN around
LEFT JOIN kept ON true
