SELECT p.stream FROM v_patient p
WHERE (p.name LIKE :part ESCAPE '\' OR p.name_en LIKE :part ESCAPE '\' OR p.initials LIKE :head ESCAPE '\' OR p.pinyin LIKE :head ESCAPE '\'
  OR p.id_no LIKE :tail ESCAPE '\'
  OR EXISTS (SELECT 1 FROM v_phone h WHERE h.stream = p.stream AND h.number LIKE :tail ESCAPE '\')
  OR EXISTS (SELECT 1 FROM v_tag t WHERE t.stream = p.stream AND t.tag LIKE :part ESCAPE '\'))
ORDER BY p.stream LIMIT :max;
