-- Steps done in the period, and steps whose window closed in it undone: stream, member, counts, last outcome.
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT c.stream, coalesce(s.member, ''), 1, 1, c.disposition
FROM v_contact_step t JOIN v_contact c ON c.stream = t.stream AND c.ref = t.ref JOIN p
LEFT JOIN v_seat s ON s.seat = c.seat
WHERE c.completed = 1 AND c.at_s >= p.from_s AND c.at_s < p.until_s
UNION ALL
SELECT d.stream, coalesce((SELECT a.member FROM v_assign a WHERE a.patient = d.stream LIMIT 1), ''), 0, 1,
  CASE WHEN EXISTS (SELECT 1 FROM v_patient q WHERE q.stream = d.stream AND q.deceased_day IS NOT NULL) THEN 'died'
    ELSE coalesce((SELECT c.disposition FROM v_contact c WHERE c.stream = d.stream ORDER BY c.at_s DESC, c.ref DESC LIMIT 1), '') END
FROM v_due d JOIN p WHERE d.close_day >= p.from_day AND d.close_day < p.until_day;
