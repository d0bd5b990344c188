UPDATE record SET state = 1 WHERE seat = :seat AND seq <= :seq AND state = 0
AND seq > coalesce((SELECT seq FROM record WHERE seat = :seat AND state = 1 ORDER BY seq DESC LIMIT 1), 0);
