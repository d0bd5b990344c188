SELECT 1 FROM v_alert WHERE stream = :stream LIMIT 1;
