SELECT hash, seat, seq, node_s, verdicts FROM leaf WHERE pos = :pos;
