SELECT ref FROM v_contact WHERE stream = :stream AND started_s = :started_s AND seat = :seat LIMIT 1;
