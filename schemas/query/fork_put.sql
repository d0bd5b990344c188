INSERT INTO fork (seat, seq, hash, frame, at_s) VALUES (:seat, :seq, :hash, :frame, :at_s) ON CONFLICT (seat, seq, hash) DO NOTHING;
