SELECT 'appointment', ref, at_s, coalesce(department, ''), state, coalesce(note, '') FROM v_appointment WHERE stream = :stream
UNION ALL SELECT 'visit', ref, from_s, coalesce(department, ''), class, coalesce(text, '') FROM v_visit WHERE stream = :stream AND from_s IS NOT NULL
ORDER BY 3 DESC, 2 LIMIT :max;
