SELECT a.link, a.type, coalesce(a.code, ''), a.int, coalesce(a.scale, 0), c.at_s, coalesce(a.script, c.script, '')
FROM v_answer a JOIN v_contact c ON c.stream = a.stream AND c.ref = a.ref
WHERE a.stream = :stream ORDER BY c.at_s DESC LIMIT :max;
