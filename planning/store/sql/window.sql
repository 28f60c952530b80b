-- What lies in a window of a map: parcels, zones and control lines, cut to it, in the storage CRS.
-- $1 west, $2 south, $3 east, $4 north, $5 day, $6 release or null for the latest, $7 storage SRID, $8 most rows of each, $9 most parcels,
-- $10 metres: bends smaller than this are left out. Shapes as hexadecimal EWKB.
-- Where there are more rows, those nearest the middle are kept. Uses parcel_geom_idx, zone_geom_idx, control_line_reach_idx.
WITH asked AS MATERIALIZED (
    SELECT number
    FROM release
    WHERE published_at IS NOT NULL AND ($6::int IS NULL OR number = $6)
    ORDER BY number DESC
    LIMIT 1
),
seen AS MATERIALIZED (SELECT ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $7::int) AS geom),
parcels AS MATERIALIZED (
    SELECT c.id, c.sheet, c.number, c.geom, ST_Centroid(seen.geom) <-> c.geom AS away
    FROM asked, seen, parcel c
    WHERE c.geom && seen.geom AND known(c.release_from, c.release_to, asked.number) AND in_force(c.valid_from, c.valid_to, $5)
    ORDER BY away, c.id
    LIMIT $9
),
zones AS MATERIALIZED (
    SELECT z.id, z.lot_symbol, z.function_code, z.function_scheme, z.geom, p.code AS plan_code, p.level, p.kind,
        carried(p.code, asked.number, $5) AS carried, ST_Centroid(seen.geom) <-> z.geom AS away
    FROM asked, seen, zone z
    JOIN plan p ON p.id = z.plan_id
    WHERE z.geom && seen.geom AND known(p.release_from, p.release_to, asked.number) AND in_force(p.valid_from, p.valid_to, $5)
    ORDER BY away, z.id
    LIMIT $8
),
lines AS MATERIALIZED (
    SELECT l.id, l.kind, l.code, l.name, l.half_width_m, l.geom, ST_Centroid(seen.geom) <-> l.geom AS away
    FROM asked, seen, control_line l
    WHERE ST_Expand(l.geom, coalesce(l.half_width_m, 0)) && seen.geom
        AND known(l.release_from, l.release_to, asked.number) AND in_force(l.valid_from, l.valid_to, $5)
        AND (l.plan_code IS NULL OR EXISTS (
            SELECT FROM plan p
            WHERE p.code = l.plan_code AND known(p.release_from, p.release_to, asked.number) AND in_force(p.valid_from, p.valid_to, $5)
                AND coalesce(carried(p.code, asked.number, $5), 'kept') NOT IN ('replaced', 'expired')
        ))
    ORDER BY away, l.id
    LIMIT $8
)
SELECT
    asked.number AS release,
    (
        SELECT json_agg(json_build_object('sheet', c.sheet, 'number', c.number,
            'shape', ST_AsHEXEWKB(ST_Simplify(ST_ClipByBox2D(c.geom, ST_Expand(seen.geom, 50)), $10, true))) ORDER BY c.away, c.id)
        FROM parcels c, seen
    ) AS parcels,
    (
        SELECT json_agg(json_build_object('plan_code', z.plan_code, 'level', z.level, 'kind', z.kind, 'carried', z.carried, 'lot_symbol', z.lot_symbol,
            'function_code', z.function_code, 'function_scheme', z.function_scheme,
            'shape', ST_AsHEXEWKB(ST_Simplify(ST_ClipByBox2D(z.geom, ST_Expand(seen.geom, 50)), $10, true))) ORDER BY z.away, z.id)
        FROM zones z, seen
    ) AS zones,
    (
        SELECT json_agg(json_build_object('kind', l.kind, 'code', l.code, 'name', l.name, 'half_width_m', l.half_width_m,
            'shape', ST_AsHEXEWKB(ST_Simplify(ST_ClipByBox2D(l.geom, ST_Expand(seen.geom, 5000)), $10, true))) ORDER BY l.away, l.id)
        FROM lines l, seen
    ) AS lines
FROM asked
