SELECT a.patient, a.stream, a.member, a.ref, coalesce(r.level, '') = 'high'
    OR EXISTS (SELECT 1 FROM v_alert l WHERE l.stream = a.patient AND l.level IN ('emergency', 'red') AND l.closed_s IS NULL AND l.withdrawn_s IS NULL),
  EXISTS (SELECT 1 FROM v_due d WHERE d.stream = a.patient AND d.due_day < :today),
  coalesce((SELECT min(b.due_s) FROM v_callback b WHERE b.stream = a.patient AND b.result IS NULL), 0),
  coalesce(p.name, ''), coalesce(nullif(p.name_en, ''), p.pinyin, ''), coalesce(p.dialect, ''),
  coalesce((SELECT min(e.pathway) FROM v_enrol e WHERE e.stream = a.patient AND e.left_reason IS NULL), ''),
  coalesce((SELECT d.script FROM v_due d WHERE d.stream = a.patient ORDER BY d.due_day, d.pathway LIMIT 1), ''),
  EXISTS (SELECT 1 FROM v_contact c WHERE c.stream = a.patient AND c.completed = 1 AND c.at_s >= :from_s),
  EXISTS (SELECT 1 FROM v_access x WHERE x.stream = a.patient AND x.what = 'call' AND x.at_s >= :from_s
    AND NOT EXISTS (SELECT 1 FROM v_contact c WHERE c.stream = x.stream AND c.seat = x.seat
      AND CAST(substr(c.ref, 34) AS INTEGER) >= CAST(substr(x.ref, 34) AS INTEGER)))
FROM v_assign a LEFT JOIN v_risk r ON r.stream = a.patient LEFT JOIN v_patient p ON p.stream = a.patient
WHERE a.patient = :patient OR a.member = :member ORDER BY a.patient;
