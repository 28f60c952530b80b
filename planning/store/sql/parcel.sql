-- A parcel by its key, and what each unit, plan and zone takes of it: areas in m², widths (2 · area / perimeter) in m.
-- $1 former commune, $2 sheet, $3 number, $4 day, $5 release or null for the latest, $6 whether its shape is wanted.
-- Uses parcel_version_key, unit_geom_idx, plan_geom_idx, zone_geom_idx, document_version_key.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($5::int IS NULL OR number = $5)
    ORDER BY number DESC
    LIMIT 1
),
subject AS MATERIALIZED (
    SELECT c.*
    FROM asked, parcel c
    WHERE c.former_code = $1 AND c.sheet = $2 AND c.number = $3
        AND known(c.release_from, c.release_to, asked.number) AND in_force(c.valid_from, c.valid_to, $4)
    LIMIT 1
),
units AS MATERIALIZED (
    SELECT u.code, u.name, u.kind, u.level, u.province_code, u.district, u.valid_from, u.valid_to,
        in_force(u.valid_from, u.valid_to, $4) AS in_force, ST_Area(ST_Intersection(u.geom, s.geom)) AS area_m2
    FROM asked, subject s, unit u
    WHERE ST_Intersects(u.geom, s.geom) AND known(u.release_from, u.release_to, asked.number) AND u.valid_from <= $4
),
zones AS MATERIALIZED (
    SELECT z.*, ST_Covers(z.geom, s.geom) AS covers, i.shape, ST_Area(i.shape) AS area_m2, 2 * ST_Area(i.shape) / nullif(ST_Perimeter(i.shape), 0) AS width_m
    FROM subject s, zone z
    CROSS JOIN LATERAL (
        SELECT CASE WHEN ST_Covers(z.geom, s.geom) THEN s.geom ELSE ST_Intersection(z.geom, s.geom) END AS shape OFFSET 0
    ) i
    WHERE ST_Intersects(z.geom, s.geom)
),
near AS MATERIALIZED (
    SELECT p.id FROM subject s, plan p WHERE ST_Intersects(p.geom, s.geom)
    UNION
    SELECT plan_id FROM zones
),
plans AS MATERIALIZED (
    SELECT p.id, p.code, p.name, p.kind, p.level, p.scale, p.decision_number, p.decision_date, p.approver, p.amends,
        p.origin, p.accuracy_m, p.valid_from, p.valid_to, i.shape, ST_Area(i.shape) AS area_m2,
        ST_Area(bare.shape) AS bare_m2, 2 * ST_Area(bare.shape) / nullif(ST_Perimeter(bare.shape), 0) AS bare_width_m
    FROM asked, subject s, near
    JOIN plan p ON p.id = near.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN ST_Covers(p.geom, s.geom) THEN s.geom ELSE ST_Intersection(p.geom, s.geom) END AS shape OFFSET 0
    ) i
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN EXISTS (SELECT FROM zones z WHERE z.plan_id = p.id AND z.covers) THEN ST_GeomFromText('POLYGON EMPTY')
            ELSE ST_Difference(i.shape, coalesce(
                (SELECT ST_Union(z.shape) FROM zones z WHERE z.plan_id = p.id AND z.area_m2 > 0), ST_GeomFromText('POLYGON EMPTY', ST_SRID(i.shape))))
        END AS shape OFFSET 0
    ) bare
    WHERE known(p.release_from, p.release_to, asked.number) AND in_force(p.valid_from, p.valid_to, $4)
)
SELECT
    asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (
        SELECT json_build_object('former_code', s.former_code, 'sheet', s.sheet, 'number', s.number,
            'land_use_code', s.land_use_code, 'declared_area_m2', s.declared_area_m2, 'area_m2', ST_Area(s.geom),
            'perimeter_m', ST_Perimeter(s.geom), 'valid_from', s.valid_from, 'valid_to', s.valid_to,
            'former_name', (
                SELECT name FROM unit f
                WHERE f.code = s.former_code AND known(f.release_from, f.release_to, asked.number)
                ORDER BY f.valid_from LIMIT 1
            ),
            'centre', ST_AsGeoJSON(ST_Transform(ST_PointOnSurface(s.geom_web), 4326), 7)::json)
        FROM subject s
    ) AS parcel,
    (
        SELECT ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(s.geom_web, 4326)), 8)
        FROM subject s WHERE $6
    ) AS shape,
    (
        SELECT json_agg(json_build_object('code', u.code, 'name', u.name, 'kind', u.kind, 'level', u.level,
            'province_code', u.province_code, 'province_name', province.name, 'district', u.district,
            'valid_from', u.valid_from, 'valid_to', u.valid_to, 'in_force', u.in_force, 'area_m2', u.area_m2)
            ORDER BY u.level, u.area_m2 DESC, u.code)
        FROM units u
        LEFT JOIN LATERAL (
            SELECT name FROM unit p
            WHERE p.code = u.province_code AND known(p.release_from, p.release_to, asked.number)
                AND in_force(p.valid_from, p.valid_to, u.valid_from)
            LIMIT 1
        ) province ON true
    ) AS units,
    (
        SELECT json_agg(json_build_object('id', p.id, 'code', p.code, 'name', p.name, 'kind', p.kind, 'level', p.level,
            'scale', p.scale, 'decision_number', p.decision_number, 'decision_date', p.decision_date, 'approver', p.approver,
            'amends', p.amends, 'origin', p.origin, 'accuracy_m', p.accuracy_m, 'valid_from', p.valid_from, 'valid_to', p.valid_to, 'bare_m2', p.bare_m2, 'bare_width_m', p.bare_width_m,
            'carried', carried(p.code, asked.number, $4),
            'documents', (
                SELECT json_agg(json_build_object('type', m.type, 'title', m.title, 'number', m.number, 'date', m.date,
                    'media_type', m.media_type, 'size', m.size, 'sha256', m.sha256) ORDER BY m.date, m.title, m.id)
                FROM document m
                WHERE m.plan_code = p.code AND known(m.release_from, m.release_to, asked.number)
            )) ORDER BY p.level, p.area_m2 DESC, p.code)
        FROM plans p
    ) AS plans,
    (
        SELECT json_agg(json_build_object('id', z.id, 'plan_id', z.plan_id, 'lot_symbol', z.lot_symbol,
            'function_code', z.function_code, 'function_scheme', z.function_scheme, 'density_pct', z.density_pct,
            'floors_min', z.floors_min, 'floors_max', z.floors_max, 'height_max_m', z.height_max_m, 'far_max', z.far_max,
            'setback_m', z.setback_m, 'declared_area_m2', z.declared_area_m2, 'area_m2', z.area_m2, 'width_m', z.width_m)
            ORDER BY z.area_m2 DESC, z.id)
        FROM zones z
    ) AS zones,
    (
        SELECT json_agg(json_build_array(one.id, other.id))
        FROM plans one
        JOIN plans other ON one.level = other.level AND one.id < other.id
        WHERE ST_Area(ST_Intersection(one.shape, other.shape)) >= 1
    ) AS conflicts,
    (
        SELECT json_agg(json_build_object('theme', v.theme, 'unit_code', v.unit_code, 'state', v.state,
            'on_whose_word', v.on_whose_word) ORDER BY v.theme, v.unit_code)
        FROM units u
        JOIN availability v ON v.unit_code = u.code
        WHERE u.in_force AND u.level = 'commune' AND known(v.release_from, v.release_to, asked.number)
            AND in_force(v.valid_from, v.valid_to, $4)
    ) AS availability
FROM asked
