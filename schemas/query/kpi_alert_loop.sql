-- Alerts of the period, and those whose loop is closed.
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT a.stream, coalesce(a.owner, s.member, ''), a.closed_s IS NOT NULL, 1, ''
FROM v_alert a JOIN p LEFT JOIN v_seat s ON s.seat = a.seat
WHERE a.at_s >= p.from_s AND a.at_s < p.until_s AND a.withdrawn_s IS NULL;
