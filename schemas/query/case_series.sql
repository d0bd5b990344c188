SELECT at_s, value, scale, unit, source FROM v_obs WHERE stream = :stream AND code = :code ORDER BY at_s DESC LIMIT :max;
