-- Answers about taking drugs, and those that say regularly.
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT c.stream, coalesce(s.member, ''), w.code = 'regular', 1, c.disposition
FROM v_contact c JOIN p JOIN v_answer w ON w.stream = c.stream AND w.ref = c.ref LEFT JOIN v_seat s ON s.seat = c.seat
WHERE c.at_s >= p.from_s AND c.at_s < p.until_s AND w.link = 'adherence' AND w.code IS NOT NULL;
