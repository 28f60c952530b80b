-- Units on a day by the words of their names; with former units and what followed them where asked.
-- $1 folded words or null, $2 the same as a phrase, $3 the words as they are spelled, $4 level or null, $5 whether former units
-- are wanted, $6 day, $7 release or null, $8 most rows, $9 whether shapes are wanted.
-- A word is found where it begins a word of `sought` (kind, name, former district); two words of the question find two words there.
-- Reads the whole table of units: some thousands of rows, folded at import. `spelled` here is planning.units.spelled.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($7::int IS NULL OR number = $7)
    ORDER BY number DESC
    LIMIT 1
),
-- with steps.sql
known_units AS MATERIALIZED (
    SELECT u.id, translate(u.sought, '-–(),.''’/', '         ') AS sought, translate(u.name_folded, '-–(),.''’/', '         ') AS called,
        replace(u.kind, '_', ' ') || ' ' AS kind_words, u.code, in_force(u.valid_from, u.valid_to, $6) AS in_force
    FROM asked, unit u
    WHERE known(u.release_from, u.release_to, asked.number) AND u.valid_from <= $6
        AND ($5 OR in_force(u.valid_from, u.valid_to, $6))
        AND ($4::text IS NULL OR u.level = $4)
),
matching AS MATERIALIZED (
    SELECT k.*, CASE WHEN starts_with(k.called, k.kind_words) THEN substr(k.called, length(k.kind_words) + 1) ELSE k.called END AS bare
    FROM known_units k
    WHERE $1::text[] IS NULL OR k.code = $2::text OR (
        NOT EXISTS (SELECT FROM unnest($1) word WHERE strpos(' ' || k.sought, ' ' || word) = 0)
        AND (
            SELECT count(*) FROM string_to_table(k.sought, ' ') one
            WHERE EXISTS (SELECT FROM unnest($1) word WHERE starts_with(one, word))
        ) >= cardinality($1)
    )
),
ranked AS MATERIALIZED (
    SELECT m.*, count(*) OVER (PARTITION BY m.bare) AS homonyms,
        CASE
            WHEN m.code = $2 OR starts_with($2 || ' ', m.bare || ' ') OR starts_with($2 || ' ', m.called || ' ') THEN 1
            WHEN starts_with(m.bare, $2) OR starts_with(m.called, $2) THEN 2
            ELSE 3
        END AS place,
        NOT EXISTS (SELECT FROM unnest($3::text[]) word WHERE strpos(' ' || spelling.words, ' ' || word) = 0) AS as_spelled
    FROM matching m
    JOIN unit u ON u.id = m.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN $3::text[] IS NOT NULL THEN regexp_replace(
            lower(translate(normalize(replace(concat_ws(' ', u.name, u.district), 'Đ', 'đ'), NFD), '-–(),.''’/', '         ')),
            '([\u0300\u0301\u0303\u0309\u0323])([^\s\u0300\u0301\u0303\u0309\u0323]*)', '\2\1', 'g') END AS words
        OFFSET 0
    ) spelling
),
found AS MATERIALIZED (
    SELECT r.id AS unit_id, r.in_force, r.homonyms,
        row_number() OVER (ORDER BY r.in_force DESC, r.place, r.as_spelled DESC, r.called, r.code, u.valid_from) AS rank
    FROM ranked r
    JOIN unit u ON u.id = r.id
    ORDER BY rank
    LIMIT $8
)
SELECT asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (SELECT count(*) FROM matching) AS total,
    (
        SELECT json_agg(json_build_object('code', u.code, 'name', u.name, 'kind', u.kind, 'level', u.level,
            'province_code', u.province_code, 'district', u.district, 'valid_from', u.valid_from, 'valid_to', u.valid_to,
            'in_force', f.in_force, 'homonyms', f.homonyms,
            'bbox', CASE WHEN box.lonlat IS NOT NULL THEN
                json_build_array(ST_XMin(box.lonlat), ST_YMin(box.lonlat), ST_XMax(box.lonlat), ST_YMax(box.lonlat)) END,
            'successors', coalesce(after.units, '[]'::json),
            'shape', CASE WHEN $9 THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(u.geom_web, 4326)), 7)::json END)
            ORDER BY f.rank)
        FROM found f
        JOIN unit u ON u.id = f.unit_id
        CROSS JOIN LATERAL (SELECT ST_Transform(ST_Envelope(u.geom_web), 4326) AS lonlat OFFSET 0) box
        LEFT JOIN LATERAL (
            SELECT json_agg(DISTINCT jsonb_build_object('code', s.to_code, 'name', s.to_name)) AS units
            FROM (SELECT * FROM step s WHERE s.from_code = u.code AND s.effective = u.valid_to OFFSET 0) s
        ) after ON true
    ) AS units
FROM asked
