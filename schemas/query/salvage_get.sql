SELECT frame, seals, boxes, old, leaf, old_size, proof, seat, seq, hash FROM salvage WHERE n = :n;
