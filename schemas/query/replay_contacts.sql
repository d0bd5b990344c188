SELECT c.at_s, coalesce(s.pathway, ''), coalesce(s.step, ''), coalesce(e.anchor_day, 0), coalesce(c.started_s, 0)
FROM v_contact c LEFT JOIN v_contact_step s ON s.stream = c.stream AND s.ref = c.ref
LEFT JOIN v_enrol e ON e.stream = s.stream AND e.pathway = s.pathway
WHERE c.stream = :stream ORDER BY c.at_s, s.pathway;
