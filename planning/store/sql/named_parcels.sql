-- Parcels of some sheets and numbers in the communes of a name, for questions that name it “-- with named_parcels.sql” after their
-- CTEs asked, step and found. A commune of another kind than was said counts only where none of that kind bears the name. $6 day, $8 most rows, $9 sheets and $10 numbers, one beside the other.
-- Uses parcel_version_key, unit_event_to_code_idx, unit_piece_geom_idx.
communes AS MATERIALIZED (
    SELECT u.id, u.code, u.name, u.valid_from, u.geom IS NULL AS undrawn, f.in_force
    FROM found f
    JOIN unit u ON u.id = f.unit_id
    WHERE u.level = 'commune' AND cardinality($9::int[]) > 0
        AND (f.place < 4 OR NOT EXISTS (SELECT FROM found other WHERE other.place < 3))
),
up AS (
    SELECT id, code AS now_code, code, valid_from FROM communes WHERE in_force
    UNION
    SELECT up.id, up.now_code, f.code, f.valid_from
    FROM up
    CROSS JOIN asked
    CROSS JOIN LATERAL (
        SELECT s.from_code FROM step s WHERE s.to_code = up.code AND s.effective = up.valid_from OFFSET 0
    ) s
    JOIN unit f ON f.code = s.from_code AND in_force(f.valid_from, f.valid_to, up.valid_from - 1)
        AND known(f.release_from, f.release_to, asked.number)
),
readings AS MATERIALIZED (
    SELECT DISTINCT code, NULL::bigint AS within FROM communes
    UNION
    SELECT code, id FROM up WHERE code <> now_code
),
parcels AS MATERIALIZED (
    SELECT DISTINCT ON (c.id) c.id, c.former_code, c.sheet, c.number, c.land_use_code, ST_Area(c.geom) AS area_m2, c.point,
        r.within IS NOT NULL AND commune.undrawn AS unknown_part
    FROM asked
    CROSS JOIN readings r
    CROSS JOIN unnest($9::int[], $10::int[]) AS wanted (sheet, number)
    CROSS JOIN LATERAL (
        SELECT p.*, ST_PointOnSurface(p.geom) AS point
        FROM parcel p
        WHERE p.former_code = r.code AND p.sheet = wanted.sheet AND p.number = wanted.number
            AND known(p.release_from, p.release_to, asked.number) AND in_force(p.valid_from, p.valid_to, $6)
        OFFSET 0
    ) c
    LEFT JOIN communes commune ON commune.id = r.within
    WHERE r.within IS NULL OR commune.undrawn
        OR EXISTS (SELECT FROM unit_piece piece WHERE piece.unit_id = r.within AND ST_Intersects(piece.geom, c.point))
    ORDER BY c.id, unknown_part
),
offered AS MATERIALIZED (
    SELECT json_agg(json_build_object('former_code', c.former_code, 'sheet', c.sheet, 'number', c.number,
        'former_name', f.name, 'district', f.district, 'area_m2', c.area_m2, 'land_use_code', c.land_use_code,
        'commune_name', holder.name, 'unknown_part', c.unknown_part) ORDER BY c.former_code, c.sheet, c.number) AS choices
    FROM asked
    CROSS JOIN (SELECT * FROM parcels ORDER BY former_code, sheet, number LIMIT $8) c
    LEFT JOIN LATERAL (
        SELECT u.name, u.district FROM unit u
        WHERE u.code = c.former_code AND known(u.release_from, u.release_to, asked.number)
        ORDER BY u.valid_from LIMIT 1
    ) f ON true
    LEFT JOIN LATERAL (
        SELECT u.name
        FROM unit_piece piece
        JOIN unit u ON u.id = piece.unit_id
        WHERE ST_Intersects(piece.geom, c.point) AND u.level = 'commune' AND in_force(u.valid_from, u.valid_to, $6)
            AND known(u.release_from, u.release_to, asked.number)
        ORDER BY u.code LIMIT 1
    ) holder ON true
),
