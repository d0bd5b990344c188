SELECT m.member, coalesce(p.name, ''), coalesce(p.name_en, '') FROM v_team_member m LEFT JOIN v_member p ON p.member = m.member
WHERE m.stream = :team AND m.active = 1 AND m.member <> :except ORDER BY m.member LIMIT :max;
