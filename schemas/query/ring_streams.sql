SELECT DISTINCT stream FROM stream_key WHERE key IS NOT NULL ORDER BY stream;
