SELECT 1 FROM v_assign_span WHERE stream = :stream AND patient = :patient AND (from_pos > :pos OR from_pos IS NULL) LIMIT 1;
