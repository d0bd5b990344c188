SELECT l.pos, l.hash, l.seat, l.seq, l.node_s, l.verdicts, r.hash
FROM leaf l LEFT JOIN record r ON r.seat = l.seat AND r.seq = l.seq ORDER BY l.pos;
