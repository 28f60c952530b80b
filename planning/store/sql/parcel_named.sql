-- A parcel by its sheet and number and the name of its commune, former or present; where that is one parcel, what lies under it too, so
-- that it is answered in the same round trip. Where it is several, the choices alone.
-- $1–$6, $8 as found_units.sql says (with $5 true), $7 release or null, $9 sheets and $10 numbers, one beside the other, $11 whether
-- shapes are wanted. Uses the indexes of named_parcels.sql, under_parcel.sql and around.sql.
WITH RECURSIVE question AS (SELECT $7::int AS release, $6::date AS day, $11::boolean AS drawn),
-- with asked.sql
-- with steps.sql
-- with found_units.sql
-- with named_parcels.sql
subject AS MATERIALIZED (SELECT c.* FROM parcel c WHERE c.id = (SELECT min(id) FROM parcels HAVING count(*) = 1)),
-- with one_parcel.sql
-- with under_parcel.sql
-- with around.sql
SELECT asked.number AS release, offered.choices, (SELECT parcel FROM one_parcel) AS parcel,
    here.units, here.plans, here.zones, here.conflicts, around.lines, around.findings, around.checked_at
FROM asked, offered, under_parcel here, around
