-- A parcel by its key, and what lies under it. $1 former commune, $2 sheet, $3 number, $4 day, $5 release or null for the latest,
-- $6 whether shapes are wanted. Uses parcel_version_key and the indexes of shares.sql and around.sql.
WITH question AS (SELECT $5::int AS release, $4::date AS day, $6::boolean AS drawn),
-- with asked.sql
subject AS MATERIALIZED (
    SELECT c.*
    FROM asked, parcel c
    WHERE c.former_code = $1 AND c.sheet = $2 AND c.number = $3
        AND known(c.release_from, c.release_to, asked.number) AND in_force(c.valid_from, c.valid_to, asked.day)
    LIMIT 1
),
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
    shares.units, shares.plans, shares.zones, shares.conflicts, around.lines, around.findings, around.checked_at
FROM asked, shares, around
