SELECT s.sign_key, s.dh_key, s.member, s.ordinal, s.terminal, s.from_pos, s.until_pos, s.from_s, s.until_s,
  m.role, m.team, m.from_pos, m.until_pos, m.from_s, m.until_s
FROM v_seat s LEFT JOIN v_member m ON m.stream = s.stream AND m.member = s.member
WHERE s.stream = :roster AND s.seat = :seat;
