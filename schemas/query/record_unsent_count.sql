SELECT count(*) FROM record WHERE seat = :seat
AND seq > max(:after, coalesce((SELECT seq FROM record WHERE seat = :seat AND state = 1 ORDER BY seq DESC LIMIT 1), 0));
