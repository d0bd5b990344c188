SELECT 1 FROM v_condition WHERE stream = :stream AND system = :system AND code = :code LIMIT 1;
