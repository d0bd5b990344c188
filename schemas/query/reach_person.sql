SELECT coalesce(p.best_time, ''),
  EXISTS (SELECT 1 FROM v_consent k WHERE k.stream = :stream AND k.what = 'call' AND k.given = 0 AND k.superseded = 0),
  EXISTS (SELECT 1 FROM v_callback b WHERE b.stream = :stream AND b.result IS NULL AND b.due_s <= :soon_s)
FROM v_patient p WHERE p.stream = :stream;
