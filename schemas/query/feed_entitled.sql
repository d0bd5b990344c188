-- The seats that may read a patient now (docs/LOG.md, "Keys in time"): the
-- agent it is assigned to and who covers for that agent today, the team's
-- supervisors, clinicians while an alert of their queues or of their own is
-- open or ended not long ago, reviewers of a sampled call, and who broke the
-- glass not long ago. Operators and auditors hold no keys.
SELECT DISTINCT s.seat FROM (
  SELECT a.member AS member, 'agent' AS role FROM v_assign a WHERE a.patient = :stream
  UNION SELECT c.by_member, 'agent' FROM v_assign a JOIN v_cover c ON c.stream = a.stream AND c.member = a.member
    WHERE a.patient = :stream AND c.ended = 0 AND :day BETWEEN c.from_day AND c.until_day
  UNION SELECT m.member, 'supervisor' FROM v_assign a JOIN v_member m ON m.team = a.stream
    WHERE a.patient = :stream AND m.role = 'supervisor'
  UNION SELECT m.member, 'clinician' FROM v_alert l JOIN v_member m ON m.role = 'clinician'
    WHERE l.stream = :stream AND ((l.closed_s IS NULL AND (l.withdrawn_s IS NULL OR l.corrected_s IS NOT NULL))
      OR coalesce(l.closed_s, l.withdrawn_s) > :ended_s)
    AND (m.queues IS NULL OR l.owner = m.member OR instr(',' || m.queues || ',', ',' || l.queue || ','))
  UNION SELECT m.member, 'reviewer' FROM v_member m WHERE m.role = 'reviewer' AND EXISTS (
    SELECT 1 FROM v_contact c JOIN record r ON r.seat = c.seat AND r.seq = CAST(substr(c.ref, 34) AS INTEGER)
    WHERE c.stream = :stream AND c.reached = 1 AND substr(r.hash, 1, 1) < :sampled AND c.at_s > :sampled_s)
  UNION SELECT s.member, '' FROM v_access x JOIN v_seat s ON s.seat = x.seat
    WHERE x.stream = :stream AND x.what = 'glass' AND x.at_s > :glass_s
) e JOIN v_member m ON m.stream = :roster AND m.member = e.member AND m.until_pos IS NULL
  AND (m.role = e.role OR (e.role = '' AND m.role IN ('agent', 'supervisor', 'clinician', 'reviewer')))
JOIN v_seat s ON s.member = m.member AND s.stream = m.stream AND s.until_pos IS NULL
WHERE EXISTS (SELECT 1 FROM entry n WHERE n.stream = :stream)
  AND NOT EXISTS (SELECT 1 FROM v_erasure x WHERE x.target = :stream AND x.approver IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM erased d WHERE d.stream = :stream)
ORDER BY s.seat;
