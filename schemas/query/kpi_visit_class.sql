-- Finished calls with a class of visit, and those of class satisfied.
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT c.stream, coalesce(s.member, ''), c.class = 'satisfied', 1, c.disposition
FROM v_contact c JOIN p LEFT JOIN v_seat s ON s.seat = c.seat
WHERE c.at_s >= p.from_s AND c.at_s < p.until_s AND c.completed = 1 AND c.class <> 'none';
