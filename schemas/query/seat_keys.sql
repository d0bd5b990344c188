SELECT sign_key, dh_key FROM v_seat WHERE stream = :roster AND seat = :seat;
