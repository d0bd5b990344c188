DELETE FROM record WHERE seat = :seat AND seq = :seq;
