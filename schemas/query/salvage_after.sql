SELECT frame, seals, boxes, old, leaf, old_size, proof, seat, seq, n FROM salvage WHERE n > :after ORDER BY n LIMIT 1;
