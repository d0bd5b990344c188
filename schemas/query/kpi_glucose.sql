-- Patients with diabetes measured in the period, and those whose last fasting glucose is below 7.0 mmol/L.
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT stream, member, glucose < 700, 1, '' FROM (
  SELECT c.stream, coalesce((SELECT a.member FROM v_assign a WHERE a.patient = c.stream LIMIT 1), '') AS member,
  (SELECT o.value * 100 / (CASE o.scale WHEN 0 THEN 1 WHEN 1 THEN 10 WHEN 2 THEN 100 ELSE 1000 END) FROM v_obs o
    WHERE o.stream = c.stream AND o.code = '1558-6' AND o.at_s >= p.from_s AND o.at_s < p.until_s ORDER BY o.at_s DESC, o.ref DESC LIMIT 1) AS glucose
  FROM (SELECT DISTINCT stream FROM v_condition WHERE (code LIKE 'E10%' OR code LIKE 'E11%' OR code LIKE 'E14%') AND resolved_day IS NULL) c JOIN p)
WHERE glucose IS NOT NULL;
