-- Control lines in force, of plans that stand and of none; a corridor as it is drawn, its half-width beside it.
-- $1 z, $2 x, $3 y, $4 day, $5 release or null for the latest. Uses control_line_geom_web_idx.
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
    SELECT c.id, c.kind, c.code, c.name, c.subject, c.half_width_m, c.setback_m, c.plan_code,
        ST_AsMVTGeom(c.geom_web, tile.envelope, 4096, 64, true) AS geom
    FROM asked CROSS JOIN tile CROSS JOIN control_line c
    WHERE c.geom_web && tile.buffered
        AND known(c.release_from, c.release_to, asked.number) AND in_force(c.valid_from, c.valid_to, $4)
        AND (c.plan_code IS NULL OR EXISTS (
            SELECT FROM plan p
            WHERE p.code = c.plan_code AND known(p.release_from, p.release_to, asked.number) AND in_force(p.valid_from, p.valid_to, $4)
                AND in_force(p.valid_from, p.valid_to, c.valid_from)
                AND coalesce(carried(p.code, asked.number, $4), 'kept') NOT IN ('replaced', 'expired')
        ))
    ORDER BY c.id
    OFFSET 0
)
SELECT asked.number AS release,
    (SELECT ST_AsMVT(drawn, 'control-lines', 4096, 'geom', 'id') FROM drawn WHERE geom IS NOT NULL) AS mvt
FROM asked
