DELETE FROM feed WHERE seat = :seat;
