INSERT INTO entry (stream, lamport, seat, seq, idx, kind, version, mode, kid, at_s, pos, verdict, folded)
VALUES (:stream, :lamport, :seat, :seq, :idx, :kind, :version, :mode, :kid, :at_s, :pos, :verdict, :folded);
