SELECT a.patient, a.stream, a.member, a.ref, coalesce(r.level, '') = 'high',
  EXISTS (SELECT 1 FROM v_due d WHERE d.stream = a.patient AND d.due_day < :today),
  coalesce((SELECT min(b.due_s) FROM v_callback b WHERE b.stream = a.patient AND b.result IS NULL), 0)
FROM v_assign a LEFT JOIN v_risk r ON r.stream = a.patient
WHERE a.patient = :patient;
