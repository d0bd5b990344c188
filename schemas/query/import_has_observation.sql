SELECT 1 FROM v_obs WHERE stream = :stream AND code = :code AND at_s = :at AND value = :value LIMIT 1;
