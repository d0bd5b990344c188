SELECT max(seq) FROM record WHERE seat = :seat;
