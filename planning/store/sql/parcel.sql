-- A parcel by its key, and what lies under it. $1 former commune, $2 sheet, $3 number, $4 day, $5 release or null for the latest,
-- $6 whether shapes are wanted. Uses parcel_version_key and the indexes of under_parcel.sql and around.sql.
WITH question AS (SELECT $5::int AS release, $4::date AS day, $6::boolean AS drawn),
-- with asked.sql
subject AS MATERIALIZED (
    SELECT c.*
    FROM asked, parcel c
    WHERE c.former_code = $1 AND c.sheet = $2 AND c.number = $3
        AND known(c.release_from, c.release_to, asked.number) AND in_force(c.valid_from, c.valid_to, asked.day)
    LIMIT 1
),
-- with one_parcel.sql
-- with under_parcel.sql
-- with around.sql
SELECT
    asked.number AS release,
    (SELECT parcel FROM one_parcel) AS parcel,
    here.units, here.plans, here.zones, here.conflicts, around.lines, around.findings, around.checked_at
FROM asked, under_parcel here, around
