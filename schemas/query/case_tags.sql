SELECT tag, coalesce(name_zh, tag), coalesce(name_en, tag), coalesce(why_zh, reason, ''), coalesce(why_en, reason, ''), coalesce(rule, ''),
  coalesce(version, ''), coalesce(until_day, 0)
FROM v_tag WHERE stream = :stream ORDER BY tag LIMIT 24;
