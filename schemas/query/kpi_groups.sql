SELECT q.stream, coalesce(q.department, ''), coalesce(q.doctor, ''),
  coalesce((SELECT min(e.pathway) FROM v_enrol e WHERE e.stream = q.stream AND e.left_reason IS NULL), '')
FROM v_patient q ORDER BY q.stream;
