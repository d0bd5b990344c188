-- late: 1 after its time, 2 said again after a branch.
SELECT at_s, what, ref, a, b, seat, CASE WHEN EXISTS (SELECT 1 FROM v_branch w WHERE w.by_seat = x.seat
  AND w.by_seq = CAST(substr(x.ref, 34) AS INTEGER)) THEN 2 ELSE late END FROM (
  SELECT at_s, 'contact' AS what, ref, disposition AS a, coalesce(note, '') AS b, seat, late FROM v_contact WHERE stream = :stream
  UNION ALL SELECT at_s, 'alert', ref, text_zh, text_en, seat, late FROM v_alert WHERE stream = :stream
  UNION ALL SELECT at_s, 'note', ref, text, '', seat, late FROM v_note WHERE stream = :stream
  UNION ALL SELECT due_s, 'callback', ref, coalesce(result, ''), coalesce(note, ''), NULL, late FROM v_callback WHERE stream = :stream
  UNION ALL SELECT from_s, 'visit', ref || '.' || key, coalesce(text, class), coalesce(department, ''), NULL, 0 FROM v_visit
    WHERE stream = :stream AND from_s IS NOT NULL) x
WHERE (at_s, ref) < (:at_s, :ref) ORDER BY at_s DESC, ref DESC LIMIT :max;
