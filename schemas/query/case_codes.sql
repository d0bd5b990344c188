SELECT code, max(at_s), count(*) FROM v_obs WHERE stream = :stream GROUP BY code ORDER BY 3 DESC, 1 LIMIT 64;
