-- Who was given to whom by a seat since a time; a reference ends in
-- "-seq-index" after 32 digits of the seat.
SELECT CAST(substr(s.ref, 34) AS INTEGER), CAST(substr(s.ref, 34 + instr(substr(s.ref, 34), '-')) AS INTEGER),
  coalesce(o.member, ''), s.member, coalesce(p.name, ''), coalesce(nullif(p.name_en, ''), p.pinyin, '')
FROM v_assign_span s LEFT JOIN v_assign_span o ON o.stream = s.stream AND o.patient = s.patient AND o.ref = s.prior
LEFT JOIN v_patient p ON p.stream = s.patient
WHERE s.seat = :seat AND s.at_s >= :from_s ORDER BY 1 DESC, 2 LIMIT :max;
