INSERT INTO salvage (seat, seq, hash, sha1, old, leaf, old_size, proof, frame, seals, boxes, at_s)
VALUES (:seat, :seq, :hash, :sha1, :old, :leaf, :old_size, :proof, :frame, :seals, :boxes, :at_s);
