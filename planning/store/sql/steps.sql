-- Steps of descent known in a release, for questions that name it “-- with steps.sql” after their CTE `asked`: the land that a
-- clause takes from a former unit, and the land that a repeal gives back. A clause repealed on its own day never had effect.
-- Ask it by from_code or to_code inside LATERAL (… OFFSET 0): then unit_event_part_from_code_idx, unit_event_to_code_idx serve.
step AS NOT MATERIALIZED (
    SELECT e.kind AS event, e.resolution, e.clause, e.effective, e.to_code, e.to_name, part.id AS part_id, part.from_code,
        part.from_name, part.from_district, part.extent, part.scope, part.after_clauses, part.declared_area_km2,
        part.population, part.area_m2, part.how
    FROM asked, unit_event e
    JOIN unit_event_part part ON part.event_id = e.id
    WHERE known(e.release_from, e.release_to, asked.number) AND NOT EXISTS (
        SELECT FROM unit_event r
        WHERE r.to_code = e.to_code AND r.repeals = e.resolution AND r.effective <= e.effective
            AND known(r.release_from, r.release_to, asked.number)
    )
    UNION ALL
    SELECT r.kind, r.resolution, r.clause, r.effective, part.from_code, part.from_name, part.id, e.to_code, e.to_name, NULL,
        CASE WHEN EXISTS (SELECT FROM unit_event_part other WHERE other.event_id = e.id AND other.id <> part.id)
            THEN 'part' ELSE 'whole' END,
        part.scope, '{}', part.declared_area_km2, part.population, part.area_m2, part.how
    FROM asked, unit_event r
    JOIN unit_event e ON e.to_code = r.to_code AND e.resolution = r.repeals AND e.effective < r.effective
    JOIN unit_event_part part ON part.event_id = e.id
    WHERE part.from_code IS NOT NULL AND known(r.release_from, r.release_to, asked.number)
        AND known(e.release_from, e.release_to, asked.number)
),
