-- 0 promises that are open, 1 dues of patients without one that day, 2 patients whose call was completed; count and expected minutes by day.
SELECT 0, (b.due_s + :zone_s) / 86400, count(*), 15 * count(*) FROM v_callback b
WHERE b.result IS NULL AND b.due_s >= :from_s AND b.due_s < :until_s
  AND (b.owner = :member OR EXISTS (SELECT 1 FROM v_assign s WHERE s.patient = b.stream AND s.member = :member)) GROUP BY 2
UNION ALL
SELECT 1, d.due_day, count(DISTINCT d.stream), sum(coalesce(d.minutes, 0)) FROM v_due d
WHERE d.due_day BETWEEN :first AND :last
  AND EXISTS (SELECT 1 FROM v_assign s WHERE s.patient = d.stream AND s.member = :member)
  AND NOT EXISTS (SELECT 1 FROM v_callback b WHERE b.stream = d.stream AND b.result IS NULL AND (b.due_s + :zone_s) / 86400 = d.due_day)
  AND NOT EXISTS (SELECT 1 FROM v_patient p WHERE p.stream = d.stream AND p.deceased_day IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM v_consent k WHERE k.stream = d.stream AND k.what = 'call' AND k.given = 0 AND k.superseded = 0) GROUP BY 2
UNION ALL
SELECT 2, (c.at_s + :zone_s) / 86400, count(DISTINCT c.stream), 0 FROM v_contact c
WHERE c.at_s >= :from_s AND c.at_s < :until_s AND c.completed = 1 AND c.seat IN (SELECT seat FROM v_seat WHERE member = :member) GROUP BY 2;
