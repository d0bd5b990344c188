SELECT class, from_s, coalesce(until_s, 0) FROM v_visit WHERE stream = :stream ORDER BY from_s DESC LIMIT :max;
