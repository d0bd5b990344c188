SELECT code, value, scale, at_s, source FROM v_obs WHERE stream = :stream ORDER BY at_s DESC LIMIT :max;
