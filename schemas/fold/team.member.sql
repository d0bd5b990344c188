INSERT INTO v_team_member VALUES (:stream, :member, :capacity, :active, :skills)
ON CONFLICT (stream, member) DO UPDATE SET capacity = excluded.capacity, active = excluded.active, skills = excluded.skills;
