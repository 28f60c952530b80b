-- What is published of a file: $1 its sha256. A document of the draft alone is not found. Uses document_sha256_idx.
SELECT m.file_name, m.media_type, m.size, m.sha256
FROM document m
JOIN release r ON r.number = m.release_from AND r.published_at IS NOT NULL
WHERE m.sha256 = $1
ORDER BY m.id DESC
LIMIT 1
