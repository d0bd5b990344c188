SELECT x.request, x.target, x.reason, x.legal_hold, coalesce(r.member, ''), coalesce(a.member, ''), x.approved_pos
FROM v_erasure x LEFT JOIN v_seat r ON r.stream = x.stream AND r.seat = x.requester
LEFT JOIN v_seat a ON a.stream = x.stream AND a.seat = x.approver WHERE x.stream = :roster ORDER BY x.request, x.target;
