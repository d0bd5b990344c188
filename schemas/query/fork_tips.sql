SELECT seat, hash, frame, at_s FROM fork ORDER BY seat, seq, hash;
