-- Calls that reached somebody, and those that were refused.
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT c.stream, coalesce(s.member, ''), c.disposition IN ('refused-once', 'refused-ever', 'suspected-fraud'), 1, c.disposition
FROM v_contact c JOIN p LEFT JOIN v_seat s ON s.seat = c.seat
WHERE c.at_s >= p.from_s AND c.at_s < p.until_s AND c.reached = 1;
