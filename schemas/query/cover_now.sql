SELECT 1 FROM v_cover c JOIN v_assign a ON a.stream = c.stream AND a.member = c.member
WHERE a.patient = :patient AND c.by_member = :member AND c.ended = 0 AND :day BETWEEN c.from_day AND c.until_day LIMIT 1;
