INSERT INTO record (seat, seq, hash, sha1, lamport, at_s, pos, state, seals, frame, boxes)
VALUES (:seat, :seq, :hash, :sha1, :lamport, :at_s, :pos, :state, :seals, :frame, :boxes);
