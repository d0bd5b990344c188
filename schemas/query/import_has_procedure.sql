SELECT 1 FROM v_procedure WHERE stream = :stream AND code = :code AND day IS :at LIMIT 1;
