UPDATE v_code SET used = 1, seat = :b_seat WHERE stream = :stream AND ticket = :ticket;
