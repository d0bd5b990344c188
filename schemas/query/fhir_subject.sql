SELECT system, value FROM v_identifier WHERE stream = :stream ORDER BY system, value LIMIT 1;
