-- Whose seats the team's are.
SELECT s.seat, s.member FROM v_team_member t JOIN v_seat s ON s.member = t.member
WHERE t.stream = :team AND s.until_pos IS NULL ORDER BY s.seat LIMIT 512;
