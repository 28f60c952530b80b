-- Everything that a name may stand for: units now and formerly, localities, and the parcels of a sheet and number in communes of
-- that name. $1–$6, $8 as found_units.sql says (with $5 true), $7 release or null, $9 sheets and $10 numbers of parcels, one beside
-- the other: none where no parcel is asked for; $11 the words as a text search, each the beginning of a word.
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
-- with named_parcels.sql
named AS MATERIALIZED (
    SELECT l.id, l.kind, l.name, l.unit_code, l.geom_web,
        CASE
            WHEN l.name_folded = $2 OR l.sought = $2 THEN 1
            WHEN starts_with(l.name_folded, $2) OR starts_with(l.sought, $2) THEN 2
            ELSE 3
        END AS place, count(*) OVER () AS total
    FROM asked, locality l
    WHERE to_tsvector('simple'::regconfig, l.sought) @@ $11::text::tsquery AND cardinality($9::int[]) = 0
        AND known(l.release_from, l.release_to, asked.number) AND in_force(l.valid_from, l.valid_to, $6)
    ORDER BY place, l.name_folded, l.unit_code, l.id
    LIMIT $8
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
    offered.choices
FROM asked, offered
