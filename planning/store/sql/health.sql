-- Whether the service can answer: its CRS, its latest release, the extent of its units, and a place one may ask about.
-- $1 day, $2 release or null for the latest. The extent reads the boxes of some hundreds of units in force.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration FROM release
    WHERE published_at IS NOT NULL AND ($2::int IS NULL OR number = $2)
    ORDER BY number DESC
    LIMIT 1
),
province AS MATERIALIZED (
    SELECT ST_Transform(ST_SetSRID(ST_Extent(u.geom_web)::geometry, 3857), 4326) AS box
    FROM asked, unit u
    WHERE known(u.release_from, u.release_to, asked.number) AND in_force(u.valid_from, u.valid_to, $1)
),
example AS MATERIALIZED (
    SELECT ST_Transform(ST_PointOnSurface(c.geom_web), 4326) AS point
    FROM asked, province, unit c
    WHERE c.level = 'commune' AND known(c.release_from, c.release_to, asked.number) AND in_force(c.valid_from, c.valid_to, $1)
    ORDER BY c.geom_web <-> ST_Transform(ST_Centroid(province.box), 3857)
    LIMIT 1
)
SELECT d.storage_srid, asked.number AS release, asked.published_at, asked.note, asked.illustration,
    ST_XMin(province.box) AS west, ST_YMin(province.box) AS south, ST_XMax(province.box) AS east, ST_YMax(province.box) AS north,
    ST_X(example.point) AS lon, ST_Y(example.point) AS lat
FROM deployment d
LEFT JOIN asked ON true
LEFT JOIN province ON true
LEFT JOIN example ON true
