-- The coverage of a day as a report: ratios, their course from release to release, findings by rule; and for one commune its plans.
-- $1 unit or null, $2 day, $3 release or null. Uses check_run_pkey, coverage_pkey, finding_release_holds_from_idx, plan_geom_idx.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($3::int IS NULL OR number = $3)
    ORDER BY number DESC
    LIMIT 1
),
runs AS MATERIALIZED (
    SELECT r.*
    FROM asked, check_run r
    WHERE r.release <= asked.number AND in_force(r.holds_from, r.holds_to, $2)
),
held AS MATERIALIZED (
    SELECT c.*
    FROM runs
    JOIN coverage c ON c.release = runs.release AND c.holds_from = runs.holds_from
    WHERE $1::text IS NULL OR c.unit_code = $1
),
found AS MATERIALIZED (
    SELECT f.*
    FROM asked, finding f
    WHERE f.release = asked.number AND in_force(f.holds_from, f.holds_to, $2) AND ($1::text IS NULL OR $1 = ANY (f.unit_codes))
),
unit_here AS MATERIALIZED (
    SELECT u.code, u.name, u.geom, ST_Area(u.geom) AS area_m2
    FROM asked, unit u
    WHERE u.code = $1 AND known(u.release_from, u.release_to, asked.number) AND in_force(u.valid_from, u.valid_to, $2)
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    EXISTS (SELECT FROM runs WHERE release = asked.number) AS checked,
    (SELECT json_build_object('code', code, 'name', name, 'area_m2', area_m2) FROM unit_here) AS unit,
    (
        SELECT json_agg(json_build_object('unit_code', h.unit_code, 'unit_name', u.name, 'level', h.level, 'area_m2', h.area_m2,
            'planned_m2', h.planned_m2, 'zoned_m2', h.zoned_m2, 'ratio_pct', 100 * h.planned_m2 / h.area_m2,
            'target_pct', h.target_pct,
            'plan_codes', h.plan_codes) ORDER BY h.level, h.area_m2 - h.planned_m2 DESC, h.unit_code)
        FROM held h
        LEFT JOIN unit u ON u.code = h.unit_code AND known(u.release_from, u.release_to, asked.number)
            AND in_force(u.valid_from, u.valid_to, $2)
        WHERE h.release = asked.number
    ) AS rows,
    (
        SELECT json_agg(json_build_object('release', t.release, 'published_on', t.published_on, 'level', t.level,
            'ratio_pct', t.ratio_pct, 'area_m2', t.area_m2) ORDER BY t.level, t.release)
        FROM (
            SELECT h.release, r.published_at::date AS published_on, h.level, 100 * sum(h.planned_m2) / sum(h.area_m2) AS ratio_pct,
                sum(h.area_m2) AS area_m2
            FROM held h
            JOIN release r ON r.number = h.release
            GROUP BY h.release, r.published_at, h.level
        ) t
    ) AS trend,
    (
        SELECT json_agg(json_build_object('check', g.check_code, 'severity', g.severity, 'level', g.level, 'number', g.number,
            'area_m2', g.area_m2, 'accepted', g.accepted) ORDER BY g.severity, g.check_code, g.level)
        FROM (
            SELECT f.check_code, f.severity, f.level, count(*) AS number, sum(f.area_m2) AS area_m2,
                count(*) FILTER (WHERE c.accepted_by IS NOT NULL AND (c.accepted_until IS NULL OR c.accepted_until >= $2)) AS accepted
            FROM found f
            LEFT JOIN finding_case c ON c.id = f.case_id
            GROUP BY f.check_code, f.severity, f.level
        ) g
    ) AS findings,
    (
        SELECT json_agg(json_build_object('code', p.code, 'name', p.name, 'level', p.level, 'scale', p.scale,
            'decision_number', p.decision_number, 'decision_date', p.decision_date, 'approver', p.approver,
            'valid_from', p.valid_from, 'valid_to', p.valid_to, 'carried', carried(p.code, asked.number, $2),
            'area_m2', p.common_m2, 'share_pct', 100 * p.common_m2 / p.unit_m2) ORDER BY p.level, p.common_m2 DESC, p.code)
        FROM (
            SELECT p.*, ST_Area(ST_Intersection(p.geom, u.geom)) AS common_m2, u.area_m2 AS unit_m2
            FROM asked, unit_here u, plan p
            WHERE ST_Intersects(p.geom, u.geom) AND known(p.release_from, p.release_to, asked.number)
                AND in_force(p.valid_from, p.valid_to, $2)
        ) p
        WHERE p.common_m2 >= 1
    ) AS plans
FROM asked
