SELECT p.stream, p.name, p.name_en, p.initials, p.pinyin, p.id_no FROM v_patient p
WHERE p.stream > :after ORDER BY p.stream LIMIT :max;
