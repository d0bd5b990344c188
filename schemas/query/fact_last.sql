SELECT coalesce(a.code, ''), coalesce(a.text, ''), a.int, coalesce(a.scale, 0), c.at_s, a.int IS NOT NULL
FROM v_answer a JOIN v_contact c ON c.stream = a.stream AND c.ref = a.ref
WHERE a.stream = :stream AND a.link = :link AND a.type <> 'absent' ORDER BY c.at_s DESC LIMIT 1;
