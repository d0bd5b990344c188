-- Seats that are revoked, the newest revocation in force, the newest grant.
SELECT (SELECT count(*) FROM v_seat WHERE until_pos IS NOT NULL),
  (SELECT coalesce(max(at_s), 0) FROM entry WHERE stream = :roster AND kind IN ('seat.revoked', 'member.revoked') AND verdict IN (1, 2)),
  (SELECT coalesce(max(at_s), 0) FROM entry WHERE stream = :roster AND kind IN ('seat.granted', 'member.granted') AND verdict IN (1, 2));
