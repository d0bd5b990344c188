SELECT 1 FROM entry WHERE stream = :stream AND folded = 1 AND (pos IS NULL OR pos > :pos) LIMIT 1;
