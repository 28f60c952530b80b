-- What lies under parcels is measured once, for every day and release at once: kept in parcel_share. Parcels of the ids from
-- %(first)s to %(last)s that were published and are not kept yet. In the order of their ids: two who measure the same wait for each
-- other, and neither in a circle. Of units those that were published: one of the draft may yet be drawn otherwise.
WITH newest AS MATERIALIZED (SELECT max(number) AS number FROM release WHERE published_at IS NOT NULL),
parcels AS MATERIALIZED (
    SELECT c.id, c.geom
    FROM newest, parcel c
    WHERE c.id BETWEEN %(first)s AND %(last)s AND c.release_from <= newest.number
        AND NOT EXISTS (SELECT FROM parcel_share k WHERE k.parcel_id = c.id)
)
INSERT INTO parcel_share (parcel_id, amended, units, plans, conflicts, zone_ids, zone_m2, zone_width_m)
SELECT c.id, kept.*
FROM parcels c
CROSS JOIN LATERAL (
    WITH asked AS MATERIALIZED (SELECT newest.number, NULL::date AS day, false AS drawn FROM newest),
    measured AS MATERIALIZED (SELECT c.geom),
-- with shares.sql
    held AS MATERIALIZED (
        SELECT array_agg(z.id ORDER BY z.area_m2 DESC, z.id) AS ids, array_agg(z.area_m2 ORDER BY z.area_m2 DESC, z.id) AS m2,
            array_agg(z.width_m ORDER BY z.area_m2 DESC, z.id) AS width_m
        FROM zones z
        JOIN plans p ON p.id = z.plan_id
        WHERE z.area_m2 > 0
    )
    SELECT
        EXISTS (SELECT FROM plans here JOIN plan p ON p.id = here.id WHERE p.amends IS NOT NULL) AS amended,
        (
            SELECT json_agg(json_build_array(u.id, u.area_m2) ORDER BY u.id)
            FROM units u JOIN unit known_unit ON known_unit.id = u.id
            WHERE known_unit.release_from <= asked.number
        ) AS units,
        shares.plans, shares.conflicts, held.ids, held.m2, held.width_m
    FROM asked, shares, held
) kept
ORDER BY c.id
ON CONFLICT (parcel_id) DO NOTHING
