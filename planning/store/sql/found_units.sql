-- Units by the words of their names, best first, for questions that say “-- with found_units.sql” after the CTE asked.
-- $1 folded words or null, $2 the same as a phrase, $3 the words as they are spelled, $4 level or null, $5 whether former units
-- are wanted, $6 day, $8 most rows.
-- “xã X” finds a phường X too, as the least like what was said (place 4): people go on saying xã, phường or thị trấn of what has become another of them.
-- A word is found where it begins a word of `sought` (kind, name, former district); two words of the question find two words there.
-- Reads the whole table of units: some thousands of rows, folded at import. `spelled` here is planning.units.spelled.
known_units AS MATERIALIZED (
    SELECT u.id, u.level, translate(u.sought, '-–(),.''’/', '         ') AS sought, named.called, u.code,
        CASE WHEN starts_with(named.called, named.kind_words) THEN substr(named.called, length(named.kind_words) + 1) ELSE named.called END AS bare,
        in_force(u.valid_from, u.valid_to, $6) AS in_force
    FROM asked, unit u
    CROSS JOIN LATERAL (
        SELECT translate(u.name_folded, '-–(),.''’/', '         ') AS called, replace(u.kind, '_', ' ') || ' ' AS kind_words
    ) named
    WHERE known(u.release_from, u.release_to, asked.number) AND u.valid_from <= $6
        AND ($5 OR in_force(u.valid_from, u.valid_to, $6))
        AND ($4::text IS NULL OR u.level = $4)
),
phrases AS MATERIALIZED (
    SELECT $1::text[] AS words, $2::text AS phrase, false AS other_kind
    UNION ALL
    SELECT string_to_array(rest, ' '), rest, true FROM regexp_replace($2, '^(xa|phuong|thi tran|dac khu) ', '') rest WHERE rest <> $2
),
matching AS MATERIALIZED (
    SELECT DISTINCT ON (k.id) k.*, p.other_kind
    FROM known_units k
    CROSS JOIN phrases p
    WHERE CASE
        WHEN p.words IS NULL THEN true
        WHEN p.other_kind AND k.level <> 'commune' THEN false
        WHEN p.other_kind AND NOT (starts_with(p.phrase || ' ', k.bare || ' ') OR starts_with(k.bare, p.phrase)) THEN false
        WHEN k.code = p.phrase THEN true
        ELSE NOT EXISTS (SELECT FROM unnest(p.words) word WHERE strpos(' ' || k.sought, ' ' || word) = 0)
            AND (
                SELECT count(*) FROM string_to_table(k.sought, ' ') one
                WHERE EXISTS (SELECT FROM unnest(p.words) word WHERE starts_with(one, word))
            ) >= cardinality(p.words)
    END
    ORDER BY k.id, p.other_kind
),
ranked AS MATERIALIZED (
    SELECT m.*, count(*) OVER (PARTITION BY m.bare) AS homonyms,
        CASE
            WHEN m.other_kind THEN 4
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
        r.place, r.as_spelled,
        row_number() OVER (ORDER BY r.in_force DESC, r.place, r.as_spelled DESC, r.called, r.code, u.valid_from) AS rank
    FROM ranked r
    JOIN unit u ON u.id = r.id
    ORDER BY rank
    LIMIT $8
),
