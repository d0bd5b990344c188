-- The seats that may read a patient now: the agent it is assigned to and who
-- covers for that agent, the team's supervisors, and clinicians while an
-- alert is open.
SELECT s.seat FROM v_seat s JOIN v_member m ON m.stream = s.stream AND m.member = s.member
WHERE s.stream = :roster AND s.until_pos IS NULL AND m.until_pos IS NULL AND (
  (m.role = 'agent' AND EXISTS (SELECT 1 FROM v_assign a WHERE a.patient = :stream AND a.member = m.member))
  OR (m.role = 'agent' AND EXISTS (SELECT 1 FROM v_cover c JOIN v_assign a ON a.stream = c.stream AND a.member = c.member
    WHERE a.patient = :stream AND c.by_member = m.member AND c.ended = 0))
  OR (m.role = 'supervisor' AND EXISTS (SELECT 1 FROM v_assign a WHERE a.patient = :stream AND a.stream = m.team))
  OR (m.role = 'clinician' AND EXISTS (SELECT 1 FROM v_alert l WHERE l.stream = :stream
    AND l.closed_s IS NULL AND (l.withdrawn_s IS NULL OR l.acked_s IS NOT NULL))))
ORDER BY s.seat;
