SELECT ref, due_s FROM v_callback WHERE stream = :stream AND result IS NULL ORDER BY due_s LIMIT 16;
