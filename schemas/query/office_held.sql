SELECT e.stream, e.seat, e.seq, e.idx, e.kind, e.at_s, e.verdict, coalesce(s.member, ''), coalesce(q.name, ''), coalesce(nullif(q.name_en, ''), q.pinyin, ''), r.hash
FROM entry e JOIN record r ON r.seat = e.seat AND r.seq = e.seq LEFT JOIN v_seat s ON s.seat = e.seat
LEFT JOIN v_patient q ON q.stream = e.stream
WHERE e.verdict >= 3 AND NOT EXISTS (SELECT 1 FROM v_released x
  WHERE x.stream = e.stream AND x.entry = lower(hex(e.seat)) || '-' || e.seq || '-' || e.idx)
ORDER BY e.at_s DESC, e.seat, e.seq, e.idx LIMIT :max;
