SELECT seq FROM record WHERE seat = :seat AND state = 0 AND seq > :after ORDER BY seq LIMIT :most;
