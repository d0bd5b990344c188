SELECT 1 FROM v_erasure WHERE target = :stream AND approver IS NOT NULL LIMIT 1;
