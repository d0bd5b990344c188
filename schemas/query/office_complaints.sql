SELECT k.stream, k.ref, k.at_s, coalesce(s.member, ''), k.category, k.text, coalesce(k.owner, ''), coalesce(k.due_day, 0),
  coalesce(k.answer, ''), coalesce(k.answered_s, 0), coalesce(q.name, ''), coalesce(nullif(q.name_en, ''), q.pinyin, '')
FROM v_complaint k LEFT JOIN v_seat s ON s.seat = k.seat LEFT JOIN v_patient q ON q.stream = k.stream
WHERE :with_answered = 1 OR k.answered_s IS NULL
ORDER BY k.answered_s IS NOT NULL, coalesce(k.due_day, 9999999), k.at_s, k.ref LIMIT :max;
