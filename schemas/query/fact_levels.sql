SELECT h.level, c.at_s FROM v_hit h JOIN v_contact c ON c.stream = h.stream AND c.ref = h.ref
WHERE h.stream = :stream ORDER BY c.at_s DESC LIMIT :max;
