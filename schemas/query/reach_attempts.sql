SELECT count(*) FROM v_access WHERE stream = :stream AND what = 'call' AND detail = 'out' AND at_s >= :from_s;
