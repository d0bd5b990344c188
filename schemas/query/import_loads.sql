-- Agents of a team with how many patients each has, the least burdened first.
SELECT t.member, (SELECT count(*) FROM v_assign a WHERE a.member = t.member) AS patients
FROM v_team_member t JOIN v_member m ON m.member = t.member
WHERE t.stream = :team AND t.active = 1 AND t.capacity > 0 AND m.role = 'agent'
ORDER BY patients, t.member;
