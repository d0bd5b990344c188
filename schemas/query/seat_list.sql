-- Every seat, the newest record the centre has of it, and how many items of
-- its feed it has not taken. (The newest taken one is kept, but for item 1.)
SELECT s.seat, s.member, s.ordinal, s.terminal, s.until_pos, s.until_s, m.role, m.name,
  (SELECT max(r.seq) FROM record r WHERE r.seat = s.seat), (SELECT max(r.at_s) FROM record r WHERE r.seat = s.seat),
  coalesce((SELECT max(f.n) FROM feed f WHERE f.seat = s.seat), 0) - coalesce((SELECT CASE WHEN min(g.n) = 1 THEN 0 ELSE min(g.n) END FROM feed g WHERE g.seat = s.seat), 0)
FROM v_seat s LEFT JOIN v_member m ON m.stream = s.stream AND m.member = s.member
WHERE s.stream = :roster ORDER BY s.member, s.ordinal;
