SELECT DISTINCT pos FROM entry WHERE stream = :stream AND pos IS NOT NULL ORDER BY pos;
