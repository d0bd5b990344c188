-- One day: promises, dues (one a patient, none where a promise stands that day), calls that were made. overdue 1: and those of earlier days.
SELECT x.what, x.stream, x.ref, x.at_s, x.due_day, x.attempts, x.note, x.who, x.disposition, coalesce(x.why_zh, d.why_zh, ''), coalesce(x.why_en, d.why_en, ''),
  coalesce(x.pathway, d.pathway, ''), coalesce(x.step, d.step, ''), coalesce(p.name, ''), coalesce(nullif(p.name_en, ''), p.pinyin, '')
FROM (
  SELECT 0 AS what, b.stream AS stream, b.ref AS ref, b.due_s AS at_s, 0 AS due_day, 0 AS attempts, coalesce(b.note, '') AS note, coalesce(b.who, '') AS who,
    '' AS disposition, NULL AS why_zh, NULL AS why_en, NULL AS pathway, NULL AS step
  FROM v_callback b WHERE b.result IS NULL AND b.due_s < :until_s AND (b.due_s >= :from_s OR :overdue = 1)
    AND (b.owner = :member OR EXISTS (SELECT 1 FROM v_assign s WHERE s.patient = b.stream AND s.member = :member))
  UNION ALL
  SELECT 1, d.stream, '', CASE WHEN d.not_before_s >= :from_s AND d.not_before_s < :until_s THEN d.not_before_s ELSE 0 END, min(d.due_day), d.attempts, '', '', '',
    d.why_zh, d.why_en, d.pathway, d.step
  FROM v_due d WHERE d.due_day <= :last AND (d.due_day >= :first OR :overdue = 1)
    AND EXISTS (SELECT 1 FROM v_assign s WHERE s.patient = d.stream AND s.member = :member)
    AND NOT EXISTS (SELECT 1 FROM v_callback b WHERE b.stream = d.stream AND b.result IS NULL AND b.due_s < :until_s AND (b.due_s >= :from_s OR :overdue = 1))
    AND NOT EXISTS (SELECT 1 FROM v_patient q WHERE q.stream = d.stream AND q.deceased_day IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM v_consent k WHERE k.stream = d.stream AND k.what = 'call' AND k.given = 0 AND k.superseded = 0)
  GROUP BY +d.stream
  UNION ALL
  SELECT 2, c.stream, c.ref, c.at_s, 0, 0, coalesce(c.note, ''), '', c.disposition, '', '', NULL, NULL
  FROM v_contact c WHERE c.at_s >= :from_s AND c.at_s < :until_s AND c.seat IN (SELECT seat FROM v_seat WHERE member = :member)
) x LEFT JOIN v_patient p ON p.stream = x.stream
LEFT JOIN v_due d ON d.stream = x.stream AND x.pathway IS NULL AND x.what = 0
  AND NOT EXISTS (SELECT 1 FROM v_due e WHERE e.stream = d.stream AND (e.due_day, e.pathway) < (d.due_day, d.pathway))
ORDER BY x.at_s = 0, x.at_s, x.due_day, x.stream, x.ref LIMIT :max;
