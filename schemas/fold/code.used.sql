UPDATE v_code SET used = 1, seat = :b_seat, sign_key = :sign_key, dh_key = :dh_key, handshake = :handshake
WHERE stream = :stream AND ticket = :ticket AND used = 0;
