SELECT e.at_s, e.kind, e.seat, e.seq, e.idx, coalesce(r.pos, -1), e.verdict, r.hash, coalesce(s.member, ''), r.state, e.lamport, e.stream
FROM entry e JOIN record r ON r.seat = e.seat AND r.seq = e.seq LEFT JOIN v_seat s ON s.seat = e.seat
WHERE e.stream = :stream AND (e.lamport, e.seat, e.seq, e.idx) < (:lamport, :seat, :seq, :idx)
ORDER BY e.lamport DESC, e.seat DESC, e.seq DESC, e.idx DESC LIMIT :max;
