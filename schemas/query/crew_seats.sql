-- The seats of a supervisor's team, by the supervisor's seat, with the time of
-- the newest record that came of each.
SELECT s.seat, coalesce((SELECT r.at_s FROM record r WHERE r.seat = s.seat ORDER BY r.seq DESC LIMIT 1), 0)
FROM v_seat own JOIN v_member boss ON boss.stream = own.stream AND boss.member = own.member AND boss.role = 'supervisor' AND boss.until_pos IS NULL
  JOIN v_seat s ON s.stream = own.stream AND s.until_pos IS NULL AND s.seat <> own.seat AND s.member IN (
    SELECT m.member FROM v_member m WHERE m.stream = own.stream AND m.team = boss.team AND m.until_pos IS NULL
    UNION SELECT t.member FROM v_team_member t WHERE t.stream = boss.team)
WHERE own.stream = :roster AND own.seat = :seat AND own.until_pos IS NULL ORDER BY s.seat LIMIT 512;
