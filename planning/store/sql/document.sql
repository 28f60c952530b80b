-- What is published of a file: $1 its sha256. A document of the draft alone is not found. Uses document_sha256_idx. `withdrawn_in`: the
-- release since which no plan has it; null while one has it in the latest release.
SELECT m.file_name, m.media_type, m.size, m.sha256,
    CASE WHEN bool_and(m.release_to IS NOT NULL AND m.release_to <= latest.number) OVER () THEN max(m.release_to) OVER () END AS withdrawn_in
FROM document m
JOIN release r ON r.number = m.release_from AND r.published_at IS NOT NULL
CROSS JOIN (SELECT max(number) AS number FROM release WHERE published_at IS NOT NULL) latest
WHERE m.sha256 = $1
ORDER BY m.id DESC
LIMIT 1
