SELECT h.stream, p.name, coalesce(nullif(p.name_en, ''), p.pinyin, ''), h.relation, coalesce(s.member, ''), h.number FROM v_phone h JOIN v_patient p ON p.stream = h.stream
LEFT JOIN v_assign s ON s.patient = h.stream
WHERE h.number = :number AND h.stream <> :except ORDER BY h.retired, h.relation <> 'self', h.stream LIMIT :max;
