SELECT h.ref, coalesce(s.member, ''), h.to_member, h.day, h.unfinished, h.promises, h.alerts, h.unsent, coalesce(h.accepted_s, 0)
FROM v_handover h LEFT JOIN v_seat s ON s.seat = h.seat
WHERE h.stream = :team AND (h.to_member = :member OR s.member = :member) ORDER BY h.day DESC, h.ref DESC LIMIT :max;
