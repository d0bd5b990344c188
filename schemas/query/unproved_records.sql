SELECT DISTINCT r.seat, r.seq FROM entry e JOIN record r ON r.seat = e.seat AND r.seq = e.seq
WHERE e.stream = :stream AND r.state = 2 ORDER BY r.pos;
