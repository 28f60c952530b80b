-- Parcels in force.
-- $1 z, $2 x, $3 y, $4 day, $5 release or null for the latest. Uses parcel_geom_web_idx.
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
    SELECT c.id, c.former_code, c.sheet, c.number,
        ST_AsMVTGeom(c.geom_web, tile.envelope, 4096, 64, true) AS geom
    FROM asked, tile, parcel c
    WHERE c.geom_web && tile.buffered
        AND known(c.release_from, c.release_to, asked.number) AND in_force(c.valid_from, c.valid_to, $4)
    ORDER BY c.id
    OFFSET 0
)
SELECT asked.number AS release,
    (SELECT ST_AsMVT(drawn, 'parcels', 4096, 'geom', 'id') FROM drawn WHERE geom IS NOT NULL) AS mvt
FROM asked
