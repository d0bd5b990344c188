SELECT b.stream, min(b.due_s) FROM v_callback b
LEFT JOIN v_assign s ON s.patient = b.stream
WHERE b.result IS NULL AND b.due_s <= :soon_s
  AND (b.owner = :member OR s.member = :member OR s.member IN
    (SELECT c.member FROM v_cover c WHERE c.by_member = :member AND c.ended = 0 AND :today BETWEEN c.from_day AND c.until_day))
  AND NOT EXISTS (SELECT 1 FROM v_patient p WHERE p.stream = b.stream AND p.deceased_day IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM v_consent k WHERE k.stream = b.stream AND k.what = 'call' AND k.given = 0 AND k.superseded = 0)
GROUP BY +b.stream ORDER BY 2, 1 LIMIT :max;
