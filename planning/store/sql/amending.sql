-- Which plans at a subject amend others there, themselves or by way of others that stand on the day; of two that amend each other neither
-- does. For questions that name it “-- with amending.sql” after their CTEs asked and plans (id, code, amends).
-- Where no plan at the subject amends another nothing is read. Uses plan_one_version_at_a_time.
amending AS MATERIALIZED (
    WITH RECURSIVE line AS (
        SELECT p.id AS by, p.amends
        FROM plans p
        CROSS JOIN asked
        WHERE p.amends IS NOT NULL AND coalesce(carried(p.code, asked.number, asked.day), 'kept') NOT IN ('replaced', 'expired')
        UNION
        SELECT line.by, earlier.amends
        FROM line
        CROSS JOIN asked
        CROSS JOIN LATERAL (
            SELECT p.amends FROM plan p
            WHERE p.code = line.amends AND p.amends IS NOT NULL AND known(p.release_from, p.release_to, asked.number)
                AND in_force(p.valid_from, p.valid_to, asked.day)
                AND coalesce(carried(p.code, asked.number, asked.day), 'kept') NOT IN ('replaced', 'expired')
            OFFSET 0
        ) earlier
    ),
    pairs AS (
        SELECT line.by, p.id AS amended
        FROM line
        JOIN plans p ON p.code = line.amends
    )
    SELECT one.*
    FROM pairs one
    WHERE NOT EXISTS (SELECT FROM pairs other WHERE other.by = one.amended AND other.amended = one.by)
),
