SELECT at_s, what, ref, a, b, seat, late FROM (
  SELECT at_s, 'contact' AS what, ref, disposition AS a, coalesce(note, '') AS b, seat, late FROM v_contact WHERE stream = :stream
  UNION ALL SELECT at_s, 'alert', ref, text_zh, text_en, seat, late FROM v_alert WHERE stream = :stream
  UNION ALL SELECT at_s, 'note', ref, text, '', seat, late FROM v_note WHERE stream = :stream
  UNION ALL SELECT due_s, 'callback', ref, coalesce(result, ''), coalesce(note, ''), NULL, late FROM v_callback WHERE stream = :stream
  UNION ALL SELECT from_s, 'visit', ref || '.' || key, coalesce(text, class), coalesce(department, ''), NULL, 0 FROM v_visit
    WHERE stream = :stream AND from_s IS NOT NULL)
WHERE (at_s, ref) < (:at_s, :ref) ORDER BY at_s DESC, ref DESC LIMIT :max;
