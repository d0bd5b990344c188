INSERT INTO v_seat (stream, seat, sign_key, dh_key, member, ordinal, terminal, from_s, until_s, from_pos)
VALUES (:stream, :b_seat, :sign_key, :dh_key, :member, :ordinal, :terminal, :from_s, :until_s, :pos)
ON CONFLICT (stream, seat) DO UPDATE SET until_s = excluded.until_s;
