-- The coverage of a day as a report: ratios with their rank, before and after the merger, the former communes' drawings, the course from
-- release to release, findings by rule; and for one commune its plans, the places without a plan and, where wanted, their shapes.
-- $1 unit or null, $2 day, $3 release or null, $4 most places, $5 whether shapes are wanted.
-- Uses check_run_pkey, coverage_pkey, coverage_change_pkey, former_quality_pkey, finding_release_holds_from_idx, plan_geom_idx,
-- unit_one_version_at_a_time.
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
),
run AS MATERIALIZED (
    SELECT runs.*
    FROM asked, runs
    WHERE runs.release = asked.number
),
-- less than a square metre is noise of drawing, and covered
uncovered AS MATERIALIZED (
    SELECT h.*, CASE WHEN h.area_m2 - h.planned_m2 >= 1 THEN h.area_m2 - h.planned_m2 ELSE 0 END AS uncovered_m2
    FROM run
    JOIN held h ON h.release = run.release AND h.holds_from = run.holds_from
),
ranked AS MATERIALIZED (
    SELECT u.*, rank() OVER (PARTITION BY u.level ORDER BY u.uncovered_m2 DESC) AS rank,
        100 * u.uncovered_m2 / nullif(sum(u.uncovered_m2) OVER (PARTITION BY u.level), 0) AS of_uncovered_pct
    FROM uncovered u
),
found AS MATERIALIZED (
    SELECT f.*
    FROM asked, finding f
    WHERE f.release = asked.number AND in_force(f.holds_from, f.holds_to, $2) AND ($1::text IS NULL OR $1 = ANY (f.unit_codes))
),
unit_here AS MATERIALIZED (
    SELECT u.code, u.name, u.geom, ST_Area(u.geom) AS area_m2, sqrt(ST_Area(u.geom)) / 900 AS fine_m
    FROM asked, unit u
    WHERE u.code = $1 AND known(u.release_from, u.release_to, asked.number) AND in_force(u.valid_from, u.valid_to, $2)
),
gap AS MATERIALIZED (
    SELECT f.*, row_number() OVER (ORDER BY f.area_m2 DESC, f.id) AS place
    FROM found f
    WHERE $1::text IS NOT NULL AND f.check_code = 'level.uncovered'
),
plan_here AS MATERIALIZED (
    SELECT p.code, p.name, p.level, p.scale, p.decision_number, p.decision_date, p.approver, p.valid_from, p.valid_to,
        carried(p.code, asked.number, $2) AS carried, here.geom, ST_Area(here.geom) AS common_m2, ST_Area(p.geom) AS plan_m2,
        u.area_m2 AS unit_m2, u.fine_m
    FROM asked, unit_here u
    JOIN plan p ON ST_Intersects(p.geom, u.geom)
    CROSS JOIN LATERAL (SELECT ST_Intersection(p.geom, u.geom) AS geom OFFSET 0) here
    WHERE known(p.release_from, p.release_to, asked.number) AND in_force(p.valid_from, p.valid_to, $2)
),
former AS MATERIALIZED (
    SELECT q.*, u.name, u.district, rank() OVER (ORDER BY q.errors DESC NULLS LAST, q.warnings DESC NULLS LAST, q.faulty_m2 DESC NULLS LAST)
        AS rank
    FROM asked, run
    JOIN former_quality q ON q.release = run.release AND q.holds_from = run.holds_from
    LEFT JOIN unit u ON u.code = q.unit_code AND u.level = 'commune' AND in_force(u.valid_from, u.valid_to, q.merged_on - 1)
        AND known(u.release_from, u.release_to, q.release)
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    EXISTS (SELECT FROM runs WHERE release = asked.number) AS checked,
    (
        SELECT json_build_object('code', code, 'name', name, 'area_m2', area_m2, 'shape', CASE WHEN $5 AND geom IS NOT NULL
            THEN ST_AsGeoJSON(ST_SimplifyPreserveTopology(geom, fine_m), 1)::json END)
        FROM unit_here
    ) AS unit,
    (
        SELECT json_agg(json_build_object('unit_code', h.unit_code, 'unit_name', u.name, 'level', h.level, 'area_m2', h.area_m2,
            'planned_m2', h.planned_m2, 'zoned_m2', h.zoned_m2, 'ratio_pct', 100 * h.planned_m2 / h.area_m2,
            'target_pct', h.target_pct,
            'uncovered_m2', h.uncovered_m2, 'rank', h.rank, 'of_uncovered_pct', h.of_uncovered_pct,
            'plan_codes', h.plan_codes) ORDER BY h.level, h.rank, h.unit_code)
        FROM ranked h
        LEFT JOIN unit u ON u.code = h.unit_code AND known(u.release_from, u.release_to, asked.number)
            AND in_force(u.valid_from, u.valid_to, $2)
        WHERE $1::text IS NULL OR h.unit_code = $1
    ) AS rows,
    (
        SELECT json_agg(json_build_object('code', u.code, 'name', u.name) ORDER BY u.code)
        FROM unit u
        WHERE u.level = 'commune' AND u.geom IS NULL AND known(u.release_from, u.release_to, asked.number)
            AND in_force(u.valid_from, u.valid_to, $2) AND ($1::text IS NULL OR u.code = $1)
    ) AS undrawn,
    (
        SELECT json_agg(json_build_object('unit_code', c.unit_code, 'level', c.level, 'merged_on', c.merged_on,
            'formers', (
                SELECT json_agg(json_build_object('code', code, 'name', f.name, 'drawn', NOT code = ANY (c.undrawn)) ORDER BY code)
                FROM unnest(c.former_codes) code
                LEFT JOIN former f ON f.unit_code = code AND f.merged_on = c.merged_on
            ),
            'land_m2', c.land_m2, 'before_m2', c.before_m2, 'after_m2', c.after_m2, 'before_pct', 100 * c.before_m2 / c.land_m2,
            'after_pct', 100 * c.after_m2 / c.land_m2, 'difference_pct', 100 * (c.after_m2 - c.before_m2) / c.land_m2,
            'plans', c.plans) ORDER BY c.level, c.after_m2 - c.before_m2, c.unit_code)
        FROM run
        JOIN coverage_change c ON c.release = run.release AND c.holds_from = run.holds_from
        WHERE $1::text IS NULL OR c.unit_code = $1
    ) AS changes,
    (
        SELECT json_agg(json_build_object('code', f.unit_code, 'name', f.name, 'district', f.district, 'merged_on', f.merged_on,
            'now_codes', f.now_codes, 'rank', CASE WHEN f.area_m2 IS NOT NULL THEN f.rank END, 'area_m2', f.area_m2,
            'errors', f.errors, 'warnings', f.warnings, 'infos', f.infos, 'faulty_m2', f.faulty_m2, 'seams', f.seams,
            'seam_m2', f.seam_m2, 'zones', f.zones, 'faulty_zones', f.faulty_zones, 'ratios', (
                SELECT json_object_agg(key, 100 * value::float / f.area_m2 ORDER BY key) FROM jsonb_each_text(f.planned_m2)
            )) ORDER BY f.rank, f.unit_code)
        FROM former f
        WHERE $1::text IS NULL OR $1 = ANY (f.now_codes)
    ) AS formers,
    (
        SELECT json_agg(json_build_object('release', t.release, 'published_on', t.published_on, 'level', t.level,
            'ratio_pct', t.ratio_pct, 'area_m2', t.area_m2) ORDER BY t.level, t.release)
        FROM (
            SELECT h.release, r.published_at::date AS published_on, h.level, 100 * sum(h.planned_m2) / sum(h.area_m2) AS ratio_pct,
                sum(h.area_m2) AS area_m2
            FROM held h
            JOIN release r ON r.number = h.release
            WHERE $1::text IS NULL OR h.unit_code = $1
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
            'valid_from', p.valid_from, 'valid_to', p.valid_to, 'days_left', p.valid_to - $2, 'carried', p.carried,
            'area_m2', p.common_m2, 'share_pct', 100 * p.common_m2 / p.unit_m2, 'plan_m2', p.plan_m2,
            'beyond_m2', CASE WHEN p.plan_m2 - p.common_m2 >= 1 THEN p.plan_m2 - p.common_m2 ELSE 0 END,
            'shape', CASE WHEN $5 THEN ST_AsGeoJSON(ST_SimplifyPreserveTopology(ST_CollectionExtract(p.geom, 3), p.fine_m), 1)::json END)
            ORDER BY p.level, p.common_m2 DESC, p.code)
        FROM plan_here p
        WHERE p.common_m2 >= 1
    ) AS plans,
    (SELECT count(*) FROM gap) AS gaps_total,
    (
        SELECT json_agg(json_build_object('case', g.case_id, 'level', g.level, 'severity', g.severity, 'area_m2', g.area_m2,
            'width_m', g.width_m, 'x', ST_X(at.point), 'y', ST_Y(at.point), 'lon', ST_X(at.lonlat), 'lat', ST_Y(at.lonlat),
            'shape', CASE WHEN $5 THEN ST_AsGeoJSON(ST_SimplifyPreserveTopology(g.geom, u.fine_m), 1)::json END)
            ORDER BY g.place)
        FROM gap g
        CROSS JOIN unit_here u
        CROSS JOIN LATERAL (
            SELECT ST_PointOnSurface(g.geom) AS point, ST_Transform(ST_PointOnSurface(g.geom_web), 4326) AS lonlat OFFSET 0
        ) at
        WHERE g.place <= $4
    ) AS gaps
FROM asked
