SELECT t.member, coalesce(m.name, t.member), coalesce(m.name_en, ''), t.capacity, t.active, t.stream,
  (SELECT count(*) FROM v_assign a WHERE a.member = t.member),
  (SELECT count(DISTINCT d.stream) FROM v_due d WHERE d.due_day < :today AND d.stream IN (SELECT a.patient FROM v_assign a WHERE a.member = t.member)),
  (SELECT count(*) FROM v_assign a WHERE a.member = t.member AND (EXISTS (SELECT 1 FROM v_risk r WHERE r.stream = a.patient AND r.level = 'high')
    OR EXISTS (SELECT 1 FROM v_alert l WHERE l.stream = a.patient AND l.level IN ('emergency', 'red') AND l.closed_s IS NULL AND l.withdrawn_s IS NULL))),
  (SELECT count(DISTINCT c.stream) FROM v_contact c WHERE c.at_s >= :from_s AND c.completed = 1
    AND c.seat IN (SELECT s.seat FROM v_seat s WHERE s.member = t.member)),
  (SELECT max(c.at_s) FROM v_contact c WHERE c.seat IN (SELECT s.seat FROM v_seat s WHERE s.member = t.member)),
  (SELECT count(*) FROM v_callback b WHERE b.result IS NULL AND b.stream IN (SELECT a.patient FROM v_assign a WHERE a.member = t.member)),
  coalesce((SELECT c.by_member FROM v_cover c WHERE c.member = t.member AND c.ended = 0 AND :today BETWEEN c.from_day AND c.until_day), ''),
  coalesce(t.skills, ''), coalesce(m.dialects, ''),
  coalesce((SELECT min(c.started_s) FROM v_contact c WHERE c.at_s >= :from_s
    AND c.seat IN (SELECT s.seat FROM v_seat s WHERE s.member = t.member)), 0)
FROM v_team_member t JOIN v_member m ON m.member = t.member
WHERE t.stream = :team AND m.role = 'agent' ORDER BY t.member LIMIT 200;
