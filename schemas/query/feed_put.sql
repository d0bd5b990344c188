INSERT INTO feed (seat, n, what, pos, stream, chain) VALUES (:seat, :n, :what, :pos, :stream, :chain);
