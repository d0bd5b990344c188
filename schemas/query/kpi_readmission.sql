-- Discharges of the period, and those followed by another admission within 30 days.
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT v.stream, coalesce((SELECT a.member FROM v_assign a WHERE a.patient = v.stream LIMIT 1), ''),
  EXISTS (SELECT 1 FROM v_visit n WHERE n.stream = v.stream AND n.class = 'inpatient' AND n.from_s > v.until_s AND n.from_s <= v.until_s + 2592000), 1, ''
FROM v_visit v JOIN p WHERE v.class = 'inpatient' AND v.until_s >= p.from_s AND v.until_s < p.until_s;
