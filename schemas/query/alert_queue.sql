SELECT a.stream, a.ref, a.no, a.level, a.text_zh, a.text_en, a.queue, a.at_s, a.sla_s, coalesce(a.acked_s, 0), coalesce(a.handled_s, 0),
  coalesce(a.verified_s, 0), coalesce(a.closed_s, 0), coalesce(a.withdrawn_s, 0), coalesce(a.owner, ''), coalesce(a.told_s, 0),
  coalesce(a.told_who, ''), coalesce(a.escalated_s, 0), coalesce(p.name, ''), coalesce(nullif(p.name_en, ''), p.pinyin, ''), a.instruction_zh, a.instruction_en,
  coalesce(a.value, ''), coalesce(m.member, ''), a.rule, a.version, coalesce(r.state, 1), a.late,
  CASE WHEN a.closed_s IS NULL AND a.corrected_s IS NOT NULL THEN 0 ELSE coalesce(a.closed_s, a.withdrawn_s, 0) END, coalesce(a.forwarded_s, 0), coalesce(o.name, ''), coalesce(o.name_en, ''),
  coalesce(p.initials, ''), coalesce(p.pinyin, ''), coalesce(a.corrected_s, 0)
FROM v_alert a LEFT JOIN v_patient p ON p.stream = a.stream LEFT JOIN v_seat m ON m.seat = a.seat LEFT JOIN v_member o ON o.member = a.owner
LEFT JOIN record r ON r.seat = a.seat AND r.seq = CAST(substr(a.ref, 34) AS INTEGER)
WHERE (:patient IS NULL OR a.stream = :patient) AND (:all = 1 OR (a.closed_s IS NULL AND (a.withdrawn_s IS NULL OR a.corrected_s IS NOT NULL)))
  AND (:owner IS NULL OR a.owner = :owner OR (a.owner IS NULL AND EXISTS (SELECT 1 FROM v_member q
    WHERE q.member = :owner AND instr(',' || q.queues || ',', ',' || a.queue || ','))))
  AND (:ended_s IS NULL OR (coalesce(a.closed_s, a.withdrawn_s) > :ended_s AND (a.closed_s IS NOT NULL OR a.corrected_s IS NULL)))
ORDER BY CASE WHEN :ended_s IS NULL THEN 0 ELSE -coalesce(a.closed_s, a.withdrawn_s) END, a.closed_s IS NOT NULL, a.withdrawn_s IS NOT NULL, a.acked_s IS NOT NULL AND a.forwarded_s IS NULL, a.at_s + a.sla_s, a.ref LIMIT :max;
