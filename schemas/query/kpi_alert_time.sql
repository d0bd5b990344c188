-- Alerts of the period whose time is over or that were acknowledged, and those acknowledged in time.
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT a.stream, coalesce(a.owner, s.member, ''), coalesce(a.acked_s <= a.at_s + a.sla_s, 0), 1, ''
FROM v_alert a JOIN p LEFT JOIN v_seat s ON s.seat = a.seat
WHERE a.at_s >= p.from_s AND a.at_s < p.until_s AND a.withdrawn_s IS NULL AND (a.acked_s IS NOT NULL OR a.at_s + a.sla_s < p.until_s);
