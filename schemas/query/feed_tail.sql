SELECT n, chain FROM feed WHERE seat = :seat ORDER BY n DESC LIMIT 1;
