SELECT count(*) FROM record WHERE seat = :seat AND state = 0;
