INSERT INTO v_undone VALUES (:stream, :b_seat, :b_seq, :ref) ON CONFLICT (stream, seat, seq) DO NOTHING;
