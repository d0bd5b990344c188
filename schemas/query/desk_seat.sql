SELECT terminal FROM v_seat WHERE seat = :seat LIMIT 1;
