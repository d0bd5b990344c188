SELECT d.stream, d.due_day, coalesce(r.level, '') FROM v_due d
LEFT JOIN v_risk r ON r.stream = d.stream
CROSS JOIN v_assign s ON s.patient = d.stream
LEFT JOIN v_snooze z ON z.stream = d.stream
LEFT JOIN v_patient p ON p.stream = d.stream
WHERE d.due_day <= :today + 1 AND d.not_before_s <= :now_s
  AND (d.close_day <= :today + 1 OR d.due_day <= :today AND r.level = 'high') AND coalesce(z.until_s, 0) <= :now_s AND p.deceased_day IS NULL
  AND (s.member = :member OR s.member IN
    (SELECT c.member FROM v_cover c WHERE c.by_member = :member AND c.ended = 0 AND :today BETWEEN c.from_day AND c.until_day))
  AND NOT EXISTS (SELECT 1 FROM v_consent k WHERE k.stream = d.stream AND k.what = 'call' AND k.given = 0 AND k.superseded = 0)
ORDER BY CASE r.level WHEN 'high' THEN 0 WHEN 'mid' THEN 1 ELSE 2 END, d.due_day, d.stream LIMIT :max;
