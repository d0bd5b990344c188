SELECT coalesce(s.member, ''), x.at_s, coalesce(x.reason, '') FROM v_released x LEFT JOIN v_seat s ON s.seat = x.seat
WHERE x.stream = :stream AND x.entry = :ref;
