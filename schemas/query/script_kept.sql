SELECT link, type, coalesce(code, ''), coalesce(text, ''), int, coalesce(scale, 0), coalesce(unit, ''), coalesce(script, '') FROM v_answer
WHERE stream = :stream AND ref = :ref ORDER BY link, n;
