SELECT p.name, coalesce(nullif(p.name_en, ''), p.pinyin), p.sex, p.birth_day, coalesce(r.level, ''), coalesce(d.pathway, ''), coalesce(d.step, ''), coalesce(d.script, ''),
  d.open_day, d.due_day, d.close_day, coalesce(d.attempts, 0), coalesce(d.not_before_s, 0), coalesce(d.why_zh, ''), coalesce(d.why_en, ''),
  (SELECT min(b.due_s) FROM v_callback b WHERE b.stream = :stream AND b.result IS NULL),
  (SELECT count(*) FROM v_alert a WHERE a.stream = :stream AND a.closed_s IS NULL AND a.withdrawn_s IS NULL),
  (SELECT count(*) FROM v_alert a WHERE a.stream = :stream AND a.closed_s IS NULL AND a.withdrawn_s IS NULL
    AND a.handled_s IS NOT NULL AND a.verified_s IS NULL),
  '',
  coalesce((SELECT z.until_s FROM v_snooze z WHERE z.stream = :stream), 0),
  EXISTS (SELECT 1 FROM v_consent k WHERE k.stream = :stream AND k.what = 'call' AND k.given = 0 AND k.superseded = 0),
  p.deceased_day, coalesce(s.member, ''), (SELECT count(*) FROM v_due e WHERE e.stream = :stream),
  coalesce((SELECT z.times FROM v_snooze z WHERE z.stream = :stream), 0),
  EXISTS (SELECT 1 FROM unproved u WHERE u.stream = :stream)
FROM v_patient p
LEFT JOIN v_risk r ON r.stream = p.stream
LEFT JOIN v_due d ON d.stream = p.stream AND NOT EXISTS
  (SELECT 1 FROM v_due e WHERE e.stream = d.stream AND (e.due_day, e.pathway) < (d.due_day, d.pathway))
LEFT JOIN v_assign s ON s.patient = p.stream
WHERE p.stream = :stream LIMIT 1;
