SELECT seat, seq, idx, kind, lamport, at_s, pos, verdict, folded FROM entry WHERE stream = :stream ORDER BY lamport, seat, seq, idx;
