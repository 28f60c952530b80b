-- Findings that hold on a day. $1 level, $2 unit, $3 check, $4 severity (each or null), $5 day, $6 release or null,
-- $7 most rows, $8 whether shapes are wanted, $9 rows passed over, $10 most rows of one rule and severity or null. Uses finding_release_holds_from_idx.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($6::int IS NULL OR number = $6)
    ORDER BY number DESC
    LIMIT 1
),
held AS MATERIALIZED (
    SELECT f.*, coalesce(c.accepted_by IS NOT NULL AND (c.accepted_until IS NULL OR c.accepted_until >= $5), false) AS accepted,
        c.accepted_by, c.accepted_why, c.accepted_until
    FROM asked, finding f
    LEFT JOIN finding_case c ON c.id = f.case_id
    WHERE f.release = asked.number AND in_force(f.holds_from, f.holds_to, $5)
        AND ($1::text IS NULL OR f.level = $1) AND ($2::text IS NULL OR $2 = ANY (f.unit_codes))
        AND ($3::text IS NULL OR f.check_code = $3) AND ($4::text IS NULL OR f.severity = $4)
),
kept AS MATERIALIZED (
    SELECT * FROM (SELECT h.*, row_number() OVER (PARTITION BY check_code, severity ORDER BY area_m2 DESC, id) AS place FROM held h) h
    WHERE $10::int IS NULL OR place <= $10
),
listed AS MATERIALIZED (SELECT * FROM kept ORDER BY area_m2 DESC, id LIMIT $7 OFFSET $9)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (SELECT count(*) FROM held) AS total,
    (SELECT CASE WHEN count(*) > $7 + $9 THEN $7 + $9 END FROM kept) AS next_offset,
    (
        SELECT json_agg(json_build_object('check', check_code, 'severity', severity, 'number', number) ORDER BY check_code, severity)
        FROM (SELECT check_code, severity, count(*) AS number FROM held GROUP BY check_code, severity) r
    ) AS by_rule,
    EXISTS (
        SELECT FROM check_run r WHERE r.release = asked.number AND in_force(r.holds_from, r.holds_to, $5)
    ) AS checked,
    (
        SELECT json_agg(json_build_object('id', l.id, 'check', l.check_code, 'severity', l.severity, 'level', l.level,
            'unit_codes', l.unit_codes, 'plan_codes', l.plan_codes, 'area_m2', l.area_m2, 'width_m', l.width_m,
            'case', l.case_id, 'subjects', l.subjects, 'facts', l.facts,
            'status', CASE WHEN l.accepted THEN 'accepted' ELSE 'open' END, 'accepted_by', l.accepted_by, 'accepted_why', l.accepted_why,
            'accepted_until', l.accepted_until, 'lon', ST_X(at.point), 'lat', ST_Y(at.point),
            'bbox', json_build_array(ST_XMin(at.box), ST_YMin(at.box), ST_XMax(at.box), ST_YMax(at.box)),
            'shape', CASE WHEN $8 THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(l.geom_web, 4326)), 9)::json END)
            ORDER BY l.area_m2 DESC, l.id)
        FROM listed l
        CROSS JOIN LATERAL (
            SELECT ST_Transform(ST_PointOnSurface(l.geom_web), 4326) AS point,
                ST_Transform(ST_Envelope(l.geom_web), 4326) AS box
            OFFSET 0
        ) at
    ) AS findings
FROM asked
