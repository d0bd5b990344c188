SELECT hash, sha1, frame FROM salvage WHERE seat = :seat AND seq = :seq ORDER BY n;
