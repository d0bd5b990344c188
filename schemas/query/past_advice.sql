SELECT id FROM v_advice WHERE stream = :stream AND ref = :ref ORDER BY n;
