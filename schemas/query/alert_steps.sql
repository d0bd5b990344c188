SELECT t.at_s, t.what, coalesce(t.text, ''), coalesce(s.member, '') FROM v_alert_step t LEFT JOIN v_seat s ON s.seat = t.seat
WHERE t.stream = :stream AND t.alert = :alert ORDER BY t.lamport, t.ref LIMIT 32;
