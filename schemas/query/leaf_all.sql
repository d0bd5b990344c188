-- From :pos on, a page at a time.
SELECT l.pos, l.hash, l.seat, l.seq, l.node_s, l.verdicts, r.hash
FROM leaf l LEFT JOIN record r ON r.seat = l.seat AND r.seq = l.seq WHERE l.pos >= :pos ORDER BY l.pos LIMIT :most;
