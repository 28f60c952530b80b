-- Control lines around a subject and findings that touch it, for questions that name it “-- with around.sql” after their CTEs asked
-- and subject (geom: a point or a polygon). Lines within 50 m, the nearest 50; a corridor from its edge; where shapes
-- are wanted, a line is cut to 60 m around the subject and its own half width. Touching is within 1 mm.
-- Uses control_line_reach_idx, finding_piece_geom_idx.
lines AS MATERIALIZED (
    SELECT c.id, c.kind, c.code, c.name, c.subject, c.plan_code, c.half_width_m, c.setback_m, c.legal_basis, c.valid_from, c.valid_to,
        greatest(ST_Distance(c.geom, s.geom) - coalesce(c.half_width_m, 0), 0) AS distance_m,
        degrees(ST_Azimuth(ST_PointOnSurface(s.geom), ST_ClosestPoint(c.geom, s.geom))) AS bearing,
        CASE WHEN c.kind = 'corridor' AND ST_DWithin(c.geom, s.geom, coalesce(c.half_width_m, 0)) THEN
            CASE WHEN c.half_width_m IS NULL THEN c.geom ELSE ST_Buffer(c.geom, c.half_width_m, 'quad_segs=64') END
        END AS held,
        CASE WHEN c.kind <> 'corridor' AND ST_Dimension(s.geom) = 2 AND ST_DWithin(c.geom, s.geom, 0.001) THEN
            ST_Intersects(c.geom, ST_Buffer(s.geom, -0.02))
        END AS enters,
        c.kind = 'corridor' AND ST_DWithin(c.geom, s.geom, coalesce(c.half_width_m, 0)) AS reached,
        CASE WHEN asked.drawn THEN
            ST_AsHEXEWKB(ST_Intersection(c.geom, ST_Expand(s.geom, 60 + coalesce(c.half_width_m, 0))))
        END AS shape,
        s.geom AS place
    FROM asked, subject s, control_line c
    WHERE ST_Expand(c.geom, coalesce(c.half_width_m, 0)) && ST_Expand(s.geom, 50)
        AND ST_DWithin(c.geom, s.geom, 50 + coalesce(c.half_width_m, 0))
        AND known(c.release_from, c.release_to, asked.number) AND in_force(c.valid_from, c.valid_to, asked.day)
        AND (c.plan_code IS NULL OR EXISTS (
            SELECT FROM plan p
            WHERE p.code = c.plan_code AND known(p.release_from, p.release_to, asked.number) AND in_force(p.valid_from, p.valid_to, asked.day)
                AND in_force(p.valid_from, p.valid_to, c.valid_from)
                AND coalesce(carried(p.code, asked.number, asked.day), 'kept') NOT IN ('replaced', 'expired')
        ))
    ORDER BY distance_m, c.id
    LIMIT 50
),
around AS MATERIALIZED (
    SELECT
        (
            SELECT json_agg(json_build_object('id', l.id, 'kind', l.kind, 'code', l.code, 'name', l.name, 'subject', l.subject,
                'plan_code', l.plan_code, 'half_width_m', l.half_width_m, 'setback_m', l.setback_m, 'legal_basis', l.legal_basis,
                'valid_from', l.valid_from, 'valid_to', l.valid_to, 'distance_m', l.distance_m, 'bearing', l.bearing, 'enters', l.enters, 'shape', l.shape,
                'covers', CASE WHEN ST_Dimension(l.place) = 0 AND l.half_width_m IS NOT NULL
                    THEN l.reached ELSE ST_Covers(l.held, l.place) END, 'area_m2', ST_Area(ST_Intersection(l.held, l.place))) ORDER BY l.distance_m, l.id)
            FROM lines l
        ) AS lines,
        (
            SELECT json_agg(json_build_object('case', f.case_id, 'check', f.check_code, 'severity', f.severity, 'level', f.level,
                'area_m2', f.area_m2, 'width_m', f.width_m, 'plan_codes', f.plan_codes,
                'accepted', CASE WHEN c.accepted_by IS NOT NULL AND (c.accepted_until IS NULL OR c.accepted_until >= asked.day)
                    THEN json_build_object('by', c.accepted_by, 'why', c.accepted_why, 'until', c.accepted_until) END)
                ORDER BY f.check_code, f.case_id, f.id)
            FROM asked
            CROSS JOIN subject s
            CROSS JOIN LATERAL (
                SELECT DISTINCT piece.finding_id FROM finding_piece piece WHERE ST_DWithin(piece.geom, s.geom, 0.001)
            ) touched
            JOIN finding f ON f.id = touched.finding_id
            LEFT JOIN finding_case c ON c.id = f.case_id
            WHERE f.release = asked.number AND in_force(f.holds_from, f.holds_to, asked.day)
        ) AS findings,
        (
            SELECT max(r.checked_at) FROM asked, check_run r
            WHERE r.release = asked.number AND in_force(r.holds_from, r.holds_to, asked.day)
        ) AS checked_at
)
