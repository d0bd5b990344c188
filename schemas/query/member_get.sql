SELECT role, team, until_pos FROM v_member WHERE stream = :roster AND member = :member;
