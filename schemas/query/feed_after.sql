SELECT n, what, pos, stream FROM feed WHERE seat = :seat AND n > :n ORDER BY n LIMIT :most;
