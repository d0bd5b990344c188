SELECT capacity, active, skills FROM v_team_member WHERE stream = :team AND member = :member;
