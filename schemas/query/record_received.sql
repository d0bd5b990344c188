UPDATE record SET state = 1 WHERE seat = :seat AND seq <= :seq AND state = 0;
