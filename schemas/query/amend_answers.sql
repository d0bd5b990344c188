SELECT link, type, coalesce(code, ''), coalesce(text, ''), int, coalesce(scale, 0), coalesce(unit, '') FROM v_answer
WHERE stream = :stream AND ref = :ref AND script IS NULL ORDER BY link, n;
