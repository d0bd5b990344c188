SELECT DISTINCT patient FROM v_assign_span WHERE stream = :team ORDER BY patient;
