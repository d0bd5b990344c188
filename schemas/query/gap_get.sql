SELECT head FROM gap WHERE seat = :seat;
