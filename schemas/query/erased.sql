SELECT 1 FROM v_erasure WHERE target = :stream AND approver IS NOT NULL
UNION ALL SELECT 1 FROM erased WHERE stream = :stream LIMIT 1;
