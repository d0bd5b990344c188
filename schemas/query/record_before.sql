SELECT max(seq) FROM record WHERE seat = :seat AND seq < :seq;
