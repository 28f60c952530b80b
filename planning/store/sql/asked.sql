-- The release that is asked about, and how: for questions that say “-- with asked.sql” and put the CTE question (release, day, drawn) first.
asked AS MATERIALIZED (
    SELECT r.number, question.day, question.drawn
    FROM question, release r
    WHERE r.published_at IS NOT NULL AND (question.release IS NULL OR r.number = question.release)
    ORDER BY r.number DESC
    LIMIT 1
),
