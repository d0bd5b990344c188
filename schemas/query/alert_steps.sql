-- received: 0 while the centre has no receipt of the record that says the step.
SELECT t.at_s, t.what, coalesce(t.text, ''), coalesce(s.member, ''), coalesce(t.whom, ''), coalesce(m.name, ''), coalesce(m.name_en, ''),
  coalesce(m.phone, ''), coalesce(r.state, 1)
FROM v_alert_step t LEFT JOIN v_seat s ON s.seat = t.seat LEFT JOIN v_member m ON m.member = t.whom
LEFT JOIN record r ON r.seat = t.seat AND r.seq = CAST(substr(t.ref, 34) AS INTEGER)
WHERE t.stream = :stream AND t.alert = :alert ORDER BY t.lamport, t.ref LIMIT 32;
