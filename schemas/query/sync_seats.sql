-- The own seat, those of supervisors and operators, and the revoked ones.
SELECT s.member, coalesce(m.name, ''), coalesce(m.name_en, ''), coalesce(m.role, ''), s.terminal, s.seat, coalesce(s.until_s, 0), s.until_pos, s.sign_key, s.stream
FROM v_seat s LEFT JOIN v_member m ON m.stream = s.stream AND m.member = s.member
WHERE s.seat = :seat OR s.until_pos IS NOT NULL OR m.role IN ('supervisor', 'operator')
ORDER BY s.seat <> :seat, s.until_pos IS NOT NULL, s.member, s.ordinal LIMIT 60;
