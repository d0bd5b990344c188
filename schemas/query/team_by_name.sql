SELECT stream FROM v_team WHERE name = :name OR name_en = :name ORDER BY stream LIMIT 1;
