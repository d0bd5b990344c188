SELECT 1 FROM v_patient WHERE stream = :stream;
