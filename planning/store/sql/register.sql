-- What a release says wherever one stands: units, plans with their documents, words of offices, what became of plans, whence parcels came.
-- $1 release or null for the latest. Read once a release and process, for a published release never changes.
WITH asked AS MATERIALIZED (
    SELECT number, published_at, note, illustration
    FROM release
    WHERE published_at IS NOT NULL AND ($1::int IS NULL OR number = $1)
    ORDER BY number DESC
    LIMIT 1
)
SELECT
    asked.number AS release, asked.published_at, asked.note, asked.illustration,
    (
        SELECT json_agg(json_build_object('id', u.id, 'code', u.code, 'name', u.name, 'kind', u.kind, 'level', u.level,
            'province_code', u.province_code, 'province_name', province.name, 'district', u.district,
            'valid_from', u.valid_from, 'valid_to', u.valid_to))
        FROM unit u
        LEFT JOIN LATERAL (
            SELECT name FROM unit p
            WHERE p.code = u.province_code AND known(p.release_from, p.release_to, asked.number)
                AND in_force(p.valid_from, p.valid_to, u.valid_from)
            LIMIT 1
        ) province ON true
        WHERE known(u.release_from, u.release_to, asked.number)
    ) AS units,
    (
        SELECT json_agg(json_build_object('id', p.id, 'code', p.code, 'name', p.name, 'kind', p.kind, 'level', p.level,
            'scale', p.scale, 'decision_number', p.decision_number, 'decision_date', p.decision_date, 'approver', p.approver,
            'amends', p.amends, 'origin', p.origin, 'accuracy_m', p.accuracy_m, 'valid_from', p.valid_from, 'valid_to', p.valid_to,
            'documents', (
                SELECT json_agg(json_build_object('type', m.type, 'title', m.title, 'number', m.number, 'date', m.date,
                    'media_type', m.media_type, 'size', m.size, 'sha256', m.sha256) ORDER BY m.date, m.title, m.id)
                FROM document m
                WHERE m.plan_code = p.code AND known(m.release_from, m.release_to, asked.number)
            )))
        FROM plan p
        WHERE known(p.release_from, p.release_to, asked.number)
    ) AS plans,
    (
        SELECT json_agg(json_build_object('theme', v.theme, 'unit_code', v.unit_code, 'state', v.state,
            'on_whose_word', v.on_whose_word, 'valid_from', v.valid_from, 'valid_to', v.valid_to) ORDER BY v.theme, v.unit_code)
        FROM availability v
        WHERE known(v.release_from, v.release_to, asked.number)
    ) AS availability,
    (
        SELECT json_agg(json_build_object('plan_code', o.plan_code, 'resolution', o.resolution, 'effective', o.effective,
            'decision', o.decision, 'basis', o.basis) ORDER BY o.effective DESC, o.id)
        FROM carry_over o
        WHERE known(o.release_from, o.release_to, asked.number)
    ) AS carried,
    (
        SELECT json_agg(json_build_object('name', f.name, 'name_now', f.name_now, 'basis', f.basis, 'valid_from', f.valid_from,
            'valid_to', f.valid_to))
        FROM office f
        WHERE known(f.release_from, f.release_to, asked.number)
    ) AS offices,
    (
        SELECT json_agg(json_build_object('id', d.id, 'file_name', d.file_name, 'sha256', d.sha256, 'imported_at', d.imported_at,
            'crs', d.source_crs, 'operation', d.operation, 'accuracy_m', (d.parameters ->> 'accuracy_m')::float8))
        FROM dataset d
        WHERE d.kind = 'parcels' AND d.release_from <= asked.number
    ) AS sources
FROM asked
