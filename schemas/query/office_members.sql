SELECT m.member, m.name, coalesce(m.name_en, ''), m.role, coalesce(v.name, ''), coalesce(v.name_en, ''), coalesce(t.capacity, 0),
  coalesce(t.active, 0), coalesce(t.skills, ''), coalesce(m.dialects, ''), coalesce(m.phone, ''), coalesce(m.until_s, 0), t.stream,
  (SELECT count(*) FROM v_seat s WHERE s.member = m.member AND s.until_pos IS NULL),
  coalesce((SELECT max(r.at_s) FROM v_seat s JOIN record r ON r.seat = s.seat
    AND r.seq = (SELECT max(n.seq) FROM record n WHERE n.seat = s.seat) WHERE s.member = m.member), 0),
  coalesce((SELECT c.by_member FROM v_cover c WHERE c.member = m.member AND c.ended = 0 AND :today BETWEEN c.from_day AND c.until_day LIMIT 1), ''),
  coalesce((SELECT c.until_day FROM v_cover c WHERE c.member = m.member AND c.ended = 0 AND :today BETWEEN c.from_day AND c.until_day LIMIT 1), 0)
FROM v_member m LEFT JOIN v_team_member t ON t.member = m.member AND t.stream = m.team LEFT JOIN v_team v ON v.stream = m.team
WHERE m.until_pos IS NULL ORDER BY v.name IS NULL, v.name, m.role, m.member LIMIT :max;
