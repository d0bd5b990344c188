SELECT 1 FROM entry WHERE stream = :stream AND mode = 'C' LIMIT 1;
