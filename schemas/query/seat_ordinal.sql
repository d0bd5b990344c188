SELECT coalesce(max(ordinal), 0) + 1 FROM v_seat WHERE stream = :roster AND member = :member;
