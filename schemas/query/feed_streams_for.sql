-- Every patient stream that any rule of feed_entitled could give this person.
SELECT a.patient FROM v_assign a WHERE a.member = :member
UNION SELECT a.patient FROM v_assign a JOIN v_member m ON m.team = a.stream
  WHERE m.member = :member AND m.role = 'supervisor'
UNION SELECT a.patient FROM v_cover c JOIN v_assign a ON a.stream = c.stream AND a.member = c.member
  WHERE c.by_member = :member AND c.ended = 0
UNION SELECT l.stream FROM v_alert l JOIN v_member m ON m.member = :member AND m.role = 'clinician'
  WHERE l.closed_s IS NULL OR l.closed_s > :ended_s
UNION SELECT c.stream FROM v_contact c JOIN v_member m ON m.member = :member AND m.role = 'reviewer' WHERE c.at_s > :sampled_s
UNION SELECT x.stream FROM v_access x JOIN v_seat s ON s.seat = x.seat
  WHERE s.member = :member AND x.what = 'glass' AND x.at_s > :glass_s
ORDER BY 1;
