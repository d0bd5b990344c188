-- Every patient stream that any rule of feed_entitled could give this person.
SELECT DISTINCT a.patient FROM v_assign a WHERE a.member = :member OR a.stream = :team
UNION SELECT DISTINCT l.stream FROM v_alert l WHERE l.closed_s IS NULL ORDER BY 1;
