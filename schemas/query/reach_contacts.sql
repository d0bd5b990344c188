SELECT count(*), coalesce(min(at_s), 0) FROM v_contact WHERE stream = :stream AND reached = 1 AND at_s > :from_s;
