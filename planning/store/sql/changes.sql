-- What publications changed in a commune. $1 code of the commune, $2 day, $3 the release after which changes are told, $4 the release up to
-- which or null for the latest. The commune is that of the day in the later release; plans, lines and parcels that touch its inside.
-- Uses plan_geom_idx, zone_plan_id_idx, parcel_geom_idx, control_line_plan_code_idx.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($4::int IS NULL OR number = $4)
    ORDER BY number DESC
    LIMIT 1
),
here AS MATERIALIZED (
    SELECT u.code, u.name, u.geom
    FROM asked, unit u
    WHERE u.code = $1 AND known(u.release_from, u.release_to, asked.number) AND in_force(u.valid_from, u.valid_to, $2::date)
    LIMIT 1
),
versions AS MATERIALIZED (
    SELECT p.id, p.code, p.name, p.level, p.decision_number, p.valid_from, p.valid_to, p.release_from, p.release_to,
        (SELECT count(*) FROM zone z WHERE z.plan_id = p.id) AS zones
    FROM asked, here, plan p
    WHERE ST_Intersects(p.geom, here.geom) AND p.release_from <= asked.number AND coalesce(p.release_to, asked.number) > $3
),
drawn AS MATERIALIZED (
    SELECT coalesce(now.code, was.code) AS code, coalesce(now.name, was.name) AS name, coalesce(now.level, was.level) AS level,
        coalesce(now.valid_from, was.valid_from) AS valid_from, coalesce(now.release_from, was.release_to) AS release,
        CASE WHEN was.id IS NULL THEN 'come' WHEN now.id IS NULL THEN 'gone' ELSE 'changed' END AS change,
        was.zones AS zones_before, now.zones AS zones_after, was.valid_to AS ran_to, now.valid_to AS runs_to
    FROM (SELECT * FROM versions WHERE release_from > $3) now
    FULL JOIN (SELECT v.* FROM versions v, asked WHERE v.release_to > $3 AND v.release_to <= asked.number) was
        ON was.code = now.code AND was.valid_from = now.valid_from AND was.release_to = now.release_from
),
lots AS MATERIALIZED (
    SELECT c.release_from, c.release_to
    FROM asked, here, parcel c
    WHERE ST_Intersects(c.geom, here.geom) AND c.release_from <= asked.number
        AND (c.release_from > $3 OR (c.release_to > $3 AND c.release_to <= asked.number))
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration, here.code, here.name,
    (
        SELECT json_agg(json_build_object('release', r.number, 'published_at', r.published_at, 'note', r.note,
            'plans', (
                SELECT coalesce(json_agg(json_build_object('code', d.code, 'name', d.name, 'level', d.level, 'valid_from', d.valid_from,
                    'change', d.change, 'zones_before', d.zones_before, 'zones_after', d.zones_after, 'ran_to', d.ran_to, 'runs_to', d.runs_to)
                    ORDER BY d.level, d.code, d.valid_from), '[]')
                FROM drawn d WHERE d.release = r.number
            ),
            'decided', (
                SELECT coalesce(json_agg(DISTINCT jsonb_build_object('plan_code', o.plan_code, 'resolution', o.resolution,
                    'effective', o.effective, 'decision', o.decision, 'basis', o.basis)), '[]')
                FROM carry_over o
                WHERE o.release_from = r.number AND o.plan_code IN (SELECT code FROM versions)
            ),
            'documents', (
                SELECT coalesce(json_agg(json_build_object('plan_code', m.plan_code, 'type', m.type, 'title', m.title,
                    'change', CASE WHEN m.release_from = r.number THEN 'come' ELSE 'gone' END) ORDER BY m.plan_code, m.title, m.id), '[]')
                FROM document m
                WHERE (m.release_from = r.number OR m.release_to = r.number) AND m.plan_code IN (SELECT code FROM versions)
            ),
            'unit_changed', EXISTS (
                SELECT FROM unit u WHERE u.code = here.code AND (u.release_from = r.number OR u.release_to = r.number)
            ),
            'parcels_come', (SELECT count(*) FROM lots WHERE release_from = r.number),
            'parcels_gone', (SELECT count(*) FROM lots WHERE release_to = r.number))
            ORDER BY r.number)
        FROM release r
        WHERE r.published_at IS NOT NULL AND r.number > $3 AND r.number <= asked.number
    ) AS steps
FROM asked LEFT JOIN here ON true
