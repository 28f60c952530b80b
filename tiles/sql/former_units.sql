-- Communes that had ended.
-- $1 z, $2 x, $3 y, $4 day, $5 release or null for the latest. Uses unit_geom_web_idx.
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
    SELECT u.id, u.code, u.name, u.kind,
        ST_AsMVTGeom(u.geom_web, tile.envelope, 4096, 64, true) AS geom
    FROM asked, tile, unit u
    WHERE u.geom_web && tile.buffered AND u.level = 'commune'
        AND known(u.release_from, u.release_to, asked.number) AND u.valid_to <= $4
    ORDER BY u.id
    OFFSET 0
)
SELECT asked.number AS release,
    (SELECT ST_AsMVT(drawn, 'former-units', 4096, 'geom', 'id') FROM drawn WHERE geom IS NOT NULL) AS mvt
FROM asked
