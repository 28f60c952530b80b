-- What is recorded at a point: units now and formerly, parcels, plans and zones, and what the units' data is worth.
-- $1 easting, $2 northing (storage CRS), $3 day, $4 release or null for the latest, $5 storage SRID.
-- Touching counts: a point on a border answers with every side. Uses unit_geom_idx, parcel_geom_idx, plan_geom_idx, zone_geom_idx,
-- document_version_key.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($4::int IS NULL OR number = $4)
    ORDER BY number DESC
    LIMIT 1
),
here AS MATERIALIZED (SELECT ST_SetSRID(ST_MakePoint($1::float8, $2::float8), $5::int) AS point),
units AS MATERIALIZED (
    SELECT u.code, u.name, u.kind, u.level, u.province_code, u.district, u.valid_from, u.valid_to,
        in_force(u.valid_from, u.valid_to, $3) AS in_force
    FROM asked, here, unit u
    WHERE ST_Intersects(u.geom, here.point) AND known(u.release_from, u.release_to, asked.number) AND u.valid_from <= $3
),
zones AS MATERIALIZED (
    SELECT z.*
    FROM here, zone z
    WHERE ST_Intersects(z.geom, here.point)
),
near AS MATERIALIZED (
    SELECT p.id, ST_Contains(p.geom, here.point) AS inside FROM here, plan p WHERE ST_Intersects(p.geom, here.point)
    UNION ALL
    SELECT plan_id, NULL FROM zones
),
plans AS MATERIALIZED (
    SELECT p.id, p.code, p.name, p.kind, p.level, p.scale, p.decision_number, p.decision_date, p.approver, p.amends,
        p.origin, p.accuracy_m, p.valid_from, p.valid_to, near.inside
    FROM asked, (SELECT id, coalesce(bool_or(inside), false) AS inside FROM near GROUP BY id) near
    JOIN plan p ON p.id = near.id
    WHERE known(p.release_from, p.release_to, asked.number) AND in_force(p.valid_from, p.valid_to, $3)
)
SELECT
    asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (
        SELECT json_agg(json_build_object('code', u.code, 'name', u.name, 'kind', u.kind, 'level', u.level,
            'province_code', u.province_code, 'province_name', province.name, 'district', u.district,
            'valid_from', u.valid_from, 'valid_to', u.valid_to, 'in_force', u.in_force) ORDER BY u.level, u.code, u.valid_from)
        FROM units u
        LEFT JOIN LATERAL (
            SELECT name FROM unit p
            WHERE p.code = u.province_code AND known(p.release_from, p.release_to, asked.number)
                AND in_force(p.valid_from, p.valid_to, u.valid_from)
            LIMIT 1
        ) province ON true
    ) AS units,
    (
        SELECT json_agg(json_build_object('former_code', c.former_code, 'sheet', c.sheet, 'number', c.number,
            'land_use_code', c.land_use_code, 'declared_area_m2', c.declared_area_m2, 'area_m2', ST_Area(c.geom))
            ORDER BY c.former_code, c.sheet, c.number)
        FROM parcel c
        WHERE ST_Intersects(c.geom, here.point) AND known(c.release_from, c.release_to, asked.number)
            AND in_force(c.valid_from, c.valid_to, $3)
    ) AS parcels,
    (
        SELECT json_agg(json_build_object('id', p.id, 'code', p.code, 'name', p.name, 'kind', p.kind, 'level', p.level,
            'scale', p.scale, 'decision_number', p.decision_number, 'decision_date', p.decision_date, 'approver', p.approver,
            'amends', p.amends, 'origin', p.origin, 'accuracy_m', p.accuracy_m, 'valid_from', p.valid_from, 'valid_to', p.valid_to, 'inside', p.inside,
            'carried', carried(p.code, asked.number, $3),
            'documents', (
                SELECT json_agg(json_build_object('type', m.type, 'title', m.title, 'number', m.number, 'date', m.date,
                    'media_type', m.media_type, 'size', m.size, 'sha256', m.sha256) ORDER BY m.date, m.title, m.id)
                FROM document m
                WHERE m.plan_code = p.code AND known(m.release_from, m.release_to, asked.number)
            )) ORDER BY p.level, p.code)
        FROM plans p
    ) AS plans,
    (
        SELECT json_agg(json_build_object('id', z.id, 'plan_id', z.plan_id, 'lot_symbol', z.lot_symbol,
            'function_code', z.function_code, 'function_scheme', z.function_scheme, 'density_pct', z.density_pct,
            'floors_min', z.floors_min, 'floors_max', z.floors_max, 'height_max_m', z.height_max_m, 'far_max', z.far_max,
            'setback_m', z.setback_m, 'declared_area_m2', z.declared_area_m2) ORDER BY z.id)
        FROM zones z
    ) AS zones,
    (
        SELECT json_agg(json_build_object('theme', v.theme, 'unit_code', v.unit_code, 'state', v.state,
            'on_whose_word', v.on_whose_word) ORDER BY v.theme, v.unit_code)
        FROM units u
        JOIN availability v ON v.unit_code = u.code
        WHERE u.in_force AND u.level = 'commune' AND known(v.release_from, v.release_to, asked.number)
            AND in_force(v.valid_from, v.valid_to, $3)
    ) AS availability
FROM asked, here
