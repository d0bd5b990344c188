SELECT code, day FROM v_procedure WHERE stream = :stream ORDER BY ref, n;
