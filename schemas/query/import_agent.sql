-- The team in which an agent takes patients.
SELECT t.stream FROM v_team_member t JOIN v_member m ON m.member = t.member
WHERE t.member = :member AND t.active = 1 AND m.role = 'agent' ORDER BY t.stream LIMIT 1;
