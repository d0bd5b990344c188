DELETE FROM gap WHERE seat = :seat;
