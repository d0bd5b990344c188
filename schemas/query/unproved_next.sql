SELECT stream FROM unproved ORDER BY stream LIMIT 1;
