SELECT code, total, at_s FROM v_score WHERE stream = :stream AND total IS NOT NULL ORDER BY at_s DESC LIMIT :max;
