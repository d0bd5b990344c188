SELECT 1 FROM v_assign_span WHERE patient = :patient AND member = :member AND from_pos < :size
AND (until_pos IS NULL OR until_pos >= :size) LIMIT 1;
