UPDATE record SET state = 1, sha1 = :sha1 WHERE seat = :seat AND seq = :seq;
