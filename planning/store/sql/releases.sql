-- All publications, newest first.
SELECT number, published_at, note, illustration
FROM release
WHERE published_at IS NOT NULL
ORDER BY number DESC
