SELECT pos FROM record WHERE pos >= :from AND pos < :size
AND NOT EXISTS (SELECT 1 FROM witness w WHERE w.pos = record.pos) ORDER BY pos LIMIT :most;
