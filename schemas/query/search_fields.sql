SELECT p.stream, p.name, p.name_en, p.initials, p.pinyin, p.id_no,
  (SELECT group_concat(h.number, ' ') FROM v_phone h WHERE h.stream = p.stream),
  (SELECT group_concat(t.tag, ' ') FROM v_tag t WHERE t.stream = p.stream)
FROM v_patient p ORDER BY p.stream;
