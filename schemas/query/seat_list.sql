-- Every seat, and the newest record the centre has of it.
SELECT s.seat, s.member, s.ordinal, s.terminal, s.until_pos, s.until_s, m.role, m.name,
  (SELECT max(r.seq) FROM record r WHERE r.seat = s.seat), (SELECT max(r.at_s) FROM record r WHERE r.seat = s.seat)
FROM v_seat s LEFT JOIN v_member m ON m.stream = s.stream AND m.member = s.member
WHERE s.stream = :roster ORDER BY s.member, s.ordinal;
