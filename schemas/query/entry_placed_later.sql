SELECT 1 FROM entry WHERE stream = :stream AND kind = :kind AND mode = 'C' AND pos > :pos AND folded = 1
UNION ALL SELECT 1 FROM entry WHERE stream = :stream AND kind = :kind AND mode = 'C' AND pos IS NULL AND folded = 1 LIMIT 1;
