-- Whom an alert may be forwarded to: who has or will be given the patient. Clinicians first, then the team's supervisors, then the patient's agent.
SELECT m.member, coalesce(m.name, ''), coalesce(m.name_en, ''), coalesce(m.queues, '') FROM v_member m
WHERE m.until_pos IS NULL AND m.member <> :member AND (m.role = 'clinician' OR EXISTS (SELECT 1 FROM v_assign a WHERE a.patient = :patient
  AND ((m.role = 'supervisor' AND m.team = a.stream) OR (m.role = 'agent' AND m.member = a.member))))
ORDER BY m.role = 'agent', m.role, m.member LIMIT :max;
