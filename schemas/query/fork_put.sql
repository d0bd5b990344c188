INSERT INTO fork (seat, seq, hash, frame, at_s, seals, boxes) VALUES (:seat, :seq, :hash, :frame, :at_s, :seals, :boxes)
ON CONFLICT (seat, seq, hash) DO UPDATE SET seals = excluded.seals, boxes = excluded.boxes WHERE fork.boxes IS NULL;
