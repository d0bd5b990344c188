SELECT e.at_s, e.kind, e.seat, e.seq, e.idx, coalesce(r.pos, -1), e.verdict, r.hash, coalesce(s.member, ''), r.state, e.lamport, e.stream
FROM record r JOIN entry e ON r.seat = e.seat AND r.seq = e.seq LEFT JOIN v_seat s ON s.seat = e.seat
WHERE r.seat = :seat AND r.at_s >= :from_s
ORDER BY r.seq DESC, e.idx LIMIT :max;
