-- Boundaries of plans in force.
-- $1 z, $2 x, $3 y, $4 day, $5 release or null for the latest. Uses plan_geom_web_idx.
-- OFFSET 0 fences the drawing, so that ST_AsMVTGeom runs once a feature.
WITH asked AS MATERIALIZED (
    SELECT number FROM release
    WHERE published_at IS NOT NULL AND ($5::int IS NULL OR number = $5)
    ORDER BY number DESC
    LIMIT 1
),
tile AS MATERIALIZED (
    SELECT ST_TileEnvelope($1, $2, $3) AS envelope, ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096) AS buffered
),
drawn AS (
    SELECT p.id, p.code, p.name, p.level,
        ST_AsMVTGeom(p.geom_web, tile.envelope, 4096, 64, true) AS geom
    FROM asked, tile, plan p
    WHERE p.geom_web && tile.buffered
        AND known(p.release_from, p.release_to, asked.number) AND in_force(p.valid_from, p.valid_to, $4)
        AND coalesce(carried(p.code, asked.number, $4), 'kept') NOT IN ('replaced', 'expired')
    ORDER BY p.id
    OFFSET 0
)
SELECT asked.number AS release,
    (SELECT ST_AsMVT(drawn, 'plans', 4096, 'geom', 'id') FROM drawn WHERE geom IS NOT NULL) AS mvt
FROM asked
