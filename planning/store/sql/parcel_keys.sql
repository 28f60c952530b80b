-- Parcels of a sheet and number in a commune, read as a former one (the code is part of the key) or as a present one (the parcel
-- lies in it and its former commune is the commune itself or a predecessor). Where it is one parcel, what lies under it too, as in
-- parcel.sql: so that it is answered in the same round trip. Where it is several, the choices alone.
-- $1 code, $2 sheet, $3 number, $4 day, $5 release or null, $6 'former', 'new' or null for both readings, $7 whether shapes are wanted.
-- Where the present commune has no boundary on record, land of whole predecessors is in it, and land of divided ones may be.
-- Uses parcel_version_key by equality, unit_one_version_at_a_time, unit_event_to_code_idx, unit_geom_idx, and the indexes of
-- under_parcel.sql and around.sql.
WITH RECURSIVE question AS (SELECT $5::int AS release, $4::date AS day, $7::boolean AS drawn),
-- with asked.sql
-- with steps.sql
commune AS MATERIALIZED (
    SELECT u.id, u.code, u.name, u.valid_from, u.geom
    FROM asked, unit u
    WHERE u.code = $1 AND u.level = 'commune' AND in_force(u.valid_from, u.valid_to, $4)
        AND known(u.release_from, u.release_to, asked.number) AND coalesce($6, 'new') = 'new'
),
up AS (
    SELECT code, valid_from, true AS whole, true AS itself FROM commune
    UNION
    SELECT f.code, f.valid_from, u.whole AND s.extent = 'whole', false
    FROM up u
    CROSS JOIN asked
    CROSS JOIN LATERAL (
        SELECT s.from_code, s.extent FROM step s WHERE s.to_code = u.code AND s.effective = u.valid_from OFFSET 0
    ) s
    JOIN unit f ON f.code = s.from_code AND in_force(f.valid_from, f.valid_to, u.valid_from - 1)
        AND known(f.release_from, f.release_to, asked.number)
),
reading AS MATERIALIZED (
    SELECT code, coalesce(bool_or(whole) FILTER (WHERE NOT itself), true) AS whole, false AS former FROM up GROUP BY code
    UNION ALL
    SELECT $1, NULL, true WHERE coalesce($6, 'former') = 'former'
),
found AS MATERIALIZED (
    SELECT c.id, c.former_code, c.land_use_code, ST_Area(c.geom) AS area_m2, c.point, r.former, r.whole, land.inside
    FROM asked
    CROSS JOIN reading r
    CROSS JOIN LATERAL (
        SELECT p.*, ST_PointOnSurface(p.geom) AS point
        FROM parcel p
        WHERE p.former_code = r.code AND p.sheet = $2 AND p.number = $3 AND known(p.release_from, p.release_to, asked.number)
            AND in_force(p.valid_from, p.valid_to, $4)
        OFFSET 0
    ) c
    LEFT JOIN commune ON NOT r.former
    LEFT JOIN LATERAL (
        SELECT CASE WHEN bool_or(ST_Intersects(part.geom, c.point)) THEN true
            WHEN bool_and(part.geom IS NOT NULL) THEN false END AS inside
        FROM (SELECT * FROM step s WHERE s.to_code = commune.code AND s.effective = commune.valid_from OFFSET 0) s
        JOIN unit_event_part part ON part.id = s.part_id
        WHERE s.from_code = c.former_code AND commune.geom IS NULL
    ) land ON true
    WHERE CASE
        WHEN r.former THEN true
        WHEN commune.geom IS NOT NULL THEN ST_Intersects(commune.geom, c.point)
        WHEN r.whole OR land.inside IS NOT NULL THEN r.whole OR land.inside
        ELSE NOT EXISTS (
            SELECT FROM unit other
            WHERE ST_Intersects(other.geom, c.point) AND other.level = 'commune'
                AND in_force(other.valid_from, other.valid_to, $4) AND known(other.release_from, other.release_to, asked.number)
        )
    END
),
keys AS MATERIALIZED (
    SELECT id, former_code, land_use_code, area_m2, point,
        bool_or(NOT former AND (whole OR inside)) AS certainly, bool_and(NOT former AND whole IS FALSE AND inside IS NULL) AS perhaps
    FROM found
    GROUP BY id, former_code, land_use_code, area_m2, point
),
subject AS MATERIALIZED (SELECT c.* FROM parcel c WHERE c.id = (SELECT min(id) FROM keys HAVING count(*) = 1)),
-- with one_parcel.sql
-- with under_parcel.sql
-- with around.sql
SELECT asked.number AS release,
    (
        SELECT json_agg(json_build_object('former_code', k.former_code, 'former_name', f.name, 'district', f.district,
            'commune_code', holder.code, 'commune_name', holder.name, 'area_m2', k.area_m2, 'land_use_code', k.land_use_code,
            'unknown_part', k.perhaps AND commune.geom IS NULL) ORDER BY k.former_code)
        FROM keys k
        LEFT JOIN commune ON true
        LEFT JOIN LATERAL (
            SELECT u.name, u.district FROM unit u
            WHERE u.code = k.former_code AND known(u.release_from, u.release_to, asked.number)
            ORDER BY u.valid_from LIMIT 1
        ) f ON true
        LEFT JOIN LATERAL (
            SELECT u.code, u.name FROM unit u
            WHERE ST_Intersects(u.geom, k.point) AND u.level = 'commune' AND in_force(u.valid_from, u.valid_to, $4)
                AND known(u.release_from, u.release_to, asked.number)
            UNION ALL
            SELECT commune.code, commune.name WHERE k.certainly AND commune.geom IS NULL
            LIMIT 1
        ) holder ON true
    ) AS choices,
    (SELECT parcel FROM one_parcel) AS parcel,
    here.units, here.plans, here.zones, here.conflicts, around.lines, around.findings, around.checked_at
FROM asked, under_parcel here, around
