-- Everything that a name may stand for: units now and formerly, localities, and the parcels of a sheet and number in communes of
-- that name. $1–$6, $8 as found_units.sql says (with $5 true), $7 release or null, $9 the words as a text search, each the
-- beginning of a word, $10 sheets and $11 numbers of parcels, one beside the other: none where no parcel is asked for.
-- Uses locality_sought_idx, parcel_version_key, unit_event_to_code_idx, unit_piece_geom_idx.
WITH RECURSIVE asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($7::int IS NULL OR number = $7)
    ORDER BY number DESC
    LIMIT 1
),
-- with steps.sql
-- with found_units.sql
named AS MATERIALIZED (
    SELECT l.id, l.kind, l.name, l.unit_code, l.geom_web,
        CASE
            WHEN l.name_folded = $2 OR l.sought = $2 THEN 1
            WHEN starts_with(l.name_folded, $2) OR starts_with(l.sought, $2) THEN 2
            ELSE 3
        END AS place, count(*) OVER () AS total
    FROM asked, locality l
    WHERE to_tsvector('simple'::regconfig, l.sought) @@ $9::text::tsquery AND cardinality($10::int[]) = 0
        AND known(l.release_from, l.release_to, asked.number) AND in_force(l.valid_from, l.valid_to, $6)
    ORDER BY place, l.name_folded, l.unit_code, l.id
    LIMIT $8
),
communes AS MATERIALIZED (
    SELECT u.id, u.code, u.name, u.valid_from, u.geom IS NULL AS undrawn, f.in_force
    FROM found f
    JOIN unit u ON u.id = f.unit_id
    WHERE u.level = 'commune' AND cardinality($10::int[]) > 0
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
    CROSS JOIN unnest($10::int[], $11::int[]) AS wanted (sheet, number)
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
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (SELECT count(*) FROM matching) AS units_total,
    (SELECT max(total) FROM named) AS localities_total,
    (
        SELECT json_agg(json_build_object('code', u.code, 'name', u.name, 'kind', u.kind, 'level', u.level, 'district', u.district,
            'valid_to', u.valid_to, 'in_force', f.in_force, 'place', f.place, 'as_spelled', f.as_spelled,
            'successors', coalesce(after.units, '[]'::json)) ORDER BY f.rank)
        FROM found f
        JOIN unit u ON u.id = f.unit_id
        LEFT JOIN LATERAL (
            SELECT json_agg(DISTINCT jsonb_build_object('code', s.to_code, 'name', s.to_name)) AS units
            FROM (SELECT * FROM step s WHERE s.from_code = u.code AND s.effective = u.valid_to OFFSET 0) s
        ) after ON true
    ) AS units,
    (
        SELECT json_agg(json_build_object('id', n.id, 'kind', n.kind, 'name', n.name, 'place', n.place, 'listed', listed.name,
            'commune_name', holder.name, 'commune_code', holder.code, 'lon', ST_X(middle.point), 'lat', ST_Y(middle.point),
            'bbox', json_build_array(ST_XMin(middle.box), ST_YMin(middle.box), ST_XMax(middle.box), ST_YMax(middle.box)),
            'shape', middle.shape) ORDER BY n.place, n.name, n.id)
        FROM named n
        CROSS JOIN LATERAL (
            SELECT ST_Transform(ST_PointOnSurface(n.geom_web), 4326) AS point, ST_Transform(ST_Envelope(n.geom_web), 4326) AS box,
                CASE WHEN ST_NPoints(n.geom_web) <= 500 THEN ST_AsGeoJSON(ST_Transform(n.geom_web, 4326), 7)::json END AS shape
            OFFSET 0
        ) middle
        LEFT JOIN LATERAL (
            SELECT u.name FROM unit u
            WHERE u.code = n.unit_code AND known(u.release_from, u.release_to, asked.number)
            ORDER BY u.valid_from LIMIT 1
        ) listed ON true
        LEFT JOIN LATERAL (
            SELECT u.name, u.code
            FROM locality l
            JOIN unit_piece piece ON ST_Intersects(piece.geom, ST_PointOnSurface(l.geom))
            JOIN unit u ON u.id = piece.unit_id
            WHERE l.id = n.id AND u.level = 'commune' AND in_force(u.valid_from, u.valid_to, $6)
                AND known(u.release_from, u.release_to, asked.number)
            ORDER BY u.code LIMIT 1
        ) holder ON true
    ) AS localities,
    (
        SELECT json_agg(json_build_object('former_code', c.former_code, 'sheet', c.sheet, 'number', c.number,
            'former_name', f.name, 'district', f.district, 'area_m2', c.area_m2, 'land_use_code', c.land_use_code,
            'commune_name', holder.name, 'unknown_part', c.unknown_part) ORDER BY c.former_code, c.sheet, c.number)
        FROM (SELECT * FROM parcels ORDER BY former_code, sheet, number LIMIT $8) c
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
    ) AS choices
FROM asked
