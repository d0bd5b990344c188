SELECT d.stream, d.due_day FROM v_due d
WHERE d.due_day = :day AND d.stream > :stream
  AND EXISTS (SELECT 1 FROM v_assign s WHERE s.patient = d.stream AND (s.member = :member OR s.member IN
    (SELECT c.member FROM v_cover c WHERE c.by_member = :member AND c.ended = 0 AND :today BETWEEN c.from_day AND c.until_day)))
  AND NOT EXISTS (SELECT 1 FROM v_due e WHERE e.stream = d.stream AND (e.due_day, e.pathway) < (d.due_day, d.pathway))
  AND NOT EXISTS (SELECT 1 FROM v_snooze z WHERE z.stream = d.stream AND z.until_s > :now_s)
  AND NOT EXISTS (SELECT 1 FROM v_patient p WHERE p.stream = d.stream AND p.deceased_day IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM v_consent k WHERE k.stream = d.stream AND k.what = 'call' AND k.given = 0 AND k.superseded = 0)
UNION ALL
SELECT d.stream, d.due_day FROM v_due d
WHERE d.due_day > :day
  AND EXISTS (SELECT 1 FROM v_assign s WHERE s.patient = d.stream AND (s.member = :member OR s.member IN
    (SELECT c.member FROM v_cover c WHERE c.by_member = :member AND c.ended = 0 AND :today BETWEEN c.from_day AND c.until_day)))
  AND NOT EXISTS (SELECT 1 FROM v_due e WHERE e.stream = d.stream AND (e.due_day, e.pathway) < (d.due_day, d.pathway))
  AND NOT EXISTS (SELECT 1 FROM v_snooze z WHERE z.stream = d.stream AND z.until_s > :now_s)
  AND NOT EXISTS (SELECT 1 FROM v_patient p WHERE p.stream = d.stream AND p.deceased_day IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM v_consent k WHERE k.stream = d.stream AND k.what = 'call' AND k.given = 0 AND k.superseded = 0)
ORDER BY 2, 1 LIMIT :max;
