-- The extent of every unit on record in the newest release, in longitude and latitude. Reads the boxes of some thousands of units.
SELECT ST_XMin(box.lonlat) AS west, ST_YMin(box.lonlat) AS south, ST_XMax(box.lonlat) AS east, ST_YMax(box.lonlat) AS north
FROM (
    SELECT ST_Transform(ST_SetSRID(ST_Extent(u.geom_web)::geometry, 3857), 4326) AS lonlat
    FROM unit u, (SELECT max(number) AS number FROM release WHERE published_at IS NOT NULL) newest
    WHERE known(u.release_from, u.release_to, newest.number)
) box
