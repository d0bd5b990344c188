UPDATE record SET state = 0 WHERE seat = :seat AND state = 1 AND (pos IS NULL OR pos >= 1099511627776);
