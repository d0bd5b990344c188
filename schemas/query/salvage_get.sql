SELECT frame, seals, boxes, old, leaf, old_size, proof, seat, seq FROM salvage WHERE n = :n;
