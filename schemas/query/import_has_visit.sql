SELECT 1 FROM v_visit WHERE stream = :stream AND key = :key LIMIT 1;
