SELECT 1 FROM entry WHERE stream = :stream AND folded = 1 AND (lamport, seat, seq, idx) > (:lamport, :seat, :seq, :idx) LIMIT 1;
