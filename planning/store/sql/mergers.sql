-- The resolutions on record: clauses by kind, units they take and build, whether a report is kept, whether they were repealed.
-- $1 release or null. Reads the events whole: some thousands of rows.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($1::int IS NULL OR number = $1)
    ORDER BY number DESC
    LIMIT 1
),
events AS MATERIALIZED (
    SELECT e.* FROM asked, unit_event e WHERE known(e.release_from, e.release_to, asked.number)
),
kinds AS MATERIALIZED (
    SELECT resolution, effective, kind, count(*) AS clauses FROM events WHERE kind <> 'repeal' GROUP BY resolution, effective, kind
),
taken AS MATERIALIZED (
    SELECT e.resolution, e.effective, count(DISTINCT p.from_code) AS units
    FROM events e
    JOIN unit_event_part p ON p.event_id = e.id
    GROUP BY e.resolution, e.effective
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (
        SELECT json_agg(json_build_object('resolution', k.resolution, 'effective', k.effective, 'kind_counts', k.counts,
            'units_closed', coalesce(t.units, 0), 'units_opened', k.clauses,
            'has_report', EXISTS (
                SELECT FROM merger_report r
                WHERE r.resolution = k.resolution AND r.effective = k.effective AND r.release <= asked.number
            ),
            'repealed_by', (
                SELECT json_agg(DISTINCT jsonb_build_object('resolution', e.resolution, 'effective', e.effective))
                FROM events e
                WHERE e.repeals = k.resolution
            )) ORDER BY k.effective, k.resolution)
        FROM (
            SELECT resolution, effective, json_object_agg(kind, clauses ORDER BY kind) AS counts, sum(clauses) AS clauses
            FROM kinds
            GROUP BY resolution, effective
        ) k
        LEFT JOIN taken t ON t.resolution = k.resolution AND t.effective = k.effective
    ) AS mergers
FROM asked
