SELECT name, name_en, role, team, dialects, phone, until_s FROM v_member WHERE member = :member;
