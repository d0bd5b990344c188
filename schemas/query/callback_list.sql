SELECT b.stream, b.ref, b.due_s, coalesce(p.name, ''), coalesce(nullif(p.name_en, ''), p.pinyin, ''), coalesce(b.note, ''), coalesce(b.who, '')
FROM v_callback b LEFT JOIN v_patient p ON p.stream = b.stream LEFT JOIN v_assign s ON s.patient = b.stream
WHERE b.result IS NULL AND (b.owner = :member OR s.member = :member) ORDER BY b.due_s, b.ref LIMIT :max;
