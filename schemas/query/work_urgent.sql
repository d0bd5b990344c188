-- The inner part reads narrow indexes alone; what few rows it leaves are looked
-- at one by one. LIMIT -1 keeps the two apart.
SELECT q.stream, q.due_day FROM
  (SELECT d.stream, d.due_day, d.close_day,
    EXISTS (SELECT 1 FROM v_risk h INDEXED BY v_risk_high WHERE h.stream = d.stream AND h.level = 'high') AS is_high
  FROM v_due d WHERE d.due_day <= :today + 1 AND d.not_before_s <= :now_s LIMIT -1) q
WHERE (q.close_day <= :today + 1 OR q.due_day <= :today AND q.is_high)
  AND EXISTS (SELECT 1 FROM v_assign s WHERE s.patient = q.stream AND (s.member = :member OR s.member IN
    (SELECT c.member FROM v_cover c WHERE c.by_member = :member AND c.ended = 0 AND :today BETWEEN c.from_day AND c.until_day)))
  AND NOT EXISTS (SELECT 1 FROM v_snooze z WHERE z.stream = q.stream AND z.until_s > :now_s)
  AND NOT EXISTS (SELECT 1 FROM v_patient p INDEXED BY v_patient_dead WHERE p.stream = q.stream AND p.deceased_day IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM v_consent k WHERE k.stream = q.stream AND k.what = 'call' AND k.given = 0 AND k.superseded = 0)
ORDER BY CASE WHEN q.is_high THEN 0 WHEN (SELECT r.level FROM v_risk r WHERE r.stream = q.stream) = 'mid' THEN 1 ELSE 2 END,
  q.due_day, q.stream LIMIT :max;
