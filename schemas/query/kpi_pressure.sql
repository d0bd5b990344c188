-- Patients with hypertension measured in the period, and those whose last pressure is below 140/90 (150/90 from 65 years).
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT stream, member, coalesce(sys < CASE WHEN old THEN 15000 ELSE 14000 END AND dia < 9000, 0), 1, '' FROM (
  SELECT c.stream, coalesce((SELECT a.member FROM v_assign a WHERE a.patient = c.stream LIMIT 1), '') AS member,
  (SELECT o.value * 100 / (CASE o.scale WHEN 0 THEN 1 WHEN 1 THEN 10 WHEN 2 THEN 100 ELSE 1000 END) FROM v_obs o
    WHERE o.stream = c.stream AND o.code = '8480-6' AND o.at_s >= p.from_s AND o.at_s < p.until_s ORDER BY o.at_s DESC, o.ref DESC LIMIT 1) AS sys,
  (SELECT o.value * 100 / (CASE o.scale WHEN 0 THEN 1 WHEN 1 THEN 10 WHEN 2 THEN 100 ELSE 1000 END) FROM v_obs o
    WHERE o.stream = c.stream AND o.code = '8462-4' AND o.at_s >= p.from_s AND o.at_s < p.until_s ORDER BY o.at_s DESC, o.ref DESC LIMIT 1) AS dia,
  (SELECT q.birth_day FROM v_patient q WHERE q.stream = c.stream) < p.until_day - 23741 AS old
  FROM (SELECT DISTINCT stream FROM v_condition WHERE code LIKE 'I10%' AND resolved_day IS NULL) c JOIN p)
WHERE sys IS NOT NULL AND dia IS NOT NULL;
