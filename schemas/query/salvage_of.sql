SELECT n FROM salvage WHERE seat = :seat AND seq = :seq ORDER BY n;
