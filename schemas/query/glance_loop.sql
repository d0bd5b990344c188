-- The newest alert of a patient with its answer, and how many there were.
SELECT (SELECT count(*) FROM v_alert n WHERE n.stream = :stream AND n.withdrawn_s IS NULL),
  (SELECT count(*) FROM v_alert n WHERE n.stream = :stream AND n.closed_s IS NOT NULL),
  a.text_zh, a.text_en, a.queue, a.at_s, coalesce(a.acked_s, 0), coalesce(a.closed_s, 0),
  coalesce(t.text, ''), coalesce(t.at_s, 0), coalesce(m.name, s.member, ''), coalesce(nullif(m.name_en, ''), s.member, '')
FROM v_alert a LEFT JOIN v_alert_step t ON t.stream = a.stream AND t.alert = a.ref AND t.what = 'handled'
  LEFT JOIN v_seat s ON s.seat = t.seat LEFT JOIN v_member m ON m.stream = s.stream AND m.member = s.member
WHERE a.stream = :stream AND a.withdrawn_s IS NULL ORDER BY a.at_s DESC, a.ref DESC, t.lamport DESC LIMIT 1;
