-- What lies under a polygon that somebody asks about. $1 the polygon as EWKB of the storage CRS, $2 day, $3 release or null for the
-- latest, $4 whether shapes are wanted. The parcels under it, by their share, the largest 200.
-- Uses parcel_geom_idx and the indexes of shares.sql and around.sql.
WITH question AS (SELECT $3::int AS release, $2::date AS day, $4::boolean AS drawn),
-- with asked.sql
subject AS MATERIALIZED (SELECT ST_GeomFromEWKB($1::bytea) AS geom),
-- with shares.sql
under AS MATERIALIZED (
    SELECT c.former_code, c.sheet, c.number, c.land_use_code, c.declared_area_m2, ST_Area(c.geom) AS area_m2,
        ST_Area(ST_Intersection(c.geom, s.geom)) AS within_m2
    FROM asked, subject s, parcel c
    WHERE ST_Intersects(c.geom, s.geom) AND known(c.release_from, c.release_to, asked.number)
        AND in_force(c.valid_from, c.valid_to, asked.day)
),
-- with around.sql
SELECT
    asked.number AS release,
    (
        SELECT json_build_object('area_m2', ST_Area(s.geom), 'perimeter_m', ST_Perimeter(s.geom),
            'centre', ST_AsHEXEWKB(ST_PointOnSurface(s.geom)), 'shape', CASE WHEN asked.drawn THEN ST_AsHEXEWKB(s.geom) END)
        FROM subject s
    ) AS area,
    (SELECT count(*) FROM under WHERE within_m2 > 0) AS parcels_total,
    (
        SELECT json_agg(to_json(u) ORDER BY u.within_m2 DESC, u.former_code, u.sheet, u.number)
        FROM (SELECT * FROM under WHERE within_m2 > 0 ORDER BY within_m2 DESC, former_code, sheet, number LIMIT 200) u
    ) AS parcels,
    shares.units, shares.plans, shares.zones, shares.conflicts, around.lines, around.findings, around.checked_at
FROM asked, shares, around
