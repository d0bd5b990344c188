SELECT r.level, coalesce(r.rule, ''), coalesce(r.version, ''), coalesce(r.reason, ''), coalesce(r.why_zh, ''), coalesce(r.why_en, ''),
  coalesce(r.inputs, ''), coalesce(r.at_s, 0), coalesce(s.member, '')
FROM v_risk r LEFT JOIN v_seat s ON s.seat = r.seat WHERE r.stream = :stream;
