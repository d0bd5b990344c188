SELECT name, coalesce(name_en, '') FROM v_member WHERE member = :member LIMIT 1;
