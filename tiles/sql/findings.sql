-- Findings that hold on a day. Below a pixel a finding is drawn as a square around its place, so that a sliver is seen at every zoom.
-- $1 z, $2 x, $3 y, $4 day, $5 release or null for the latest. Uses finding_geom_web_idx.
-- OFFSET 0 fences the drawing, so that ST_AsMVTGeom runs once a feature.
WITH asked AS MATERIALIZED (
    SELECT number FROM release
    WHERE published_at IS NOT NULL AND ($5::int IS NULL OR number = $5)
    ORDER BY number DESC
    LIMIT 1
),
tile AS MATERIALIZED (
    SELECT ST_TileEnvelope($1, $2, $3) AS envelope, ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096) AS buffered,
        40075016.685578488 / 2 ^ $1::int / 4096 AS unit
),
drawn AS (
    SELECT f.id, f.check_code AS check, f.severity, f.level, f.area_m2, f.width_m,
        coalesce(
            CASE WHEN f.width_m > 24 * tile.unit THEN ST_AsMVTGeom(f.geom_web, tile.envelope, 4096, 64, true) END,
            ST_AsMVTGeom(ST_Expand(ST_PointOnSurface(f.geom_web), 24 * tile.unit), tile.envelope, 4096, 64, true)
        ) AS geom
    FROM asked, tile, finding f
    WHERE f.geom_web && tile.buffered AND f.release = asked.number AND in_force(f.holds_from, f.holds_to, $4)
    ORDER BY f.id
    OFFSET 0
)
SELECT asked.number AS release,
    (SELECT ST_AsMVT(drawn, 'findings', 4096, 'geom', 'id') FROM drawn WHERE geom IS NOT NULL) AS mvt
FROM asked
