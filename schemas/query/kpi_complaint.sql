-- Complaints that fell due, and those answered by their day.
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT k.stream, coalesce(k.owner, ''), coalesce(k.answered_s < (k.due_day + 1) * 86400 - (p.from_day * 86400 - p.from_s), 0), 1, ''
FROM v_complaint k JOIN p WHERE k.due_day >= p.from_day AND k.due_day < p.until_day;
