SELECT k.ref, k.at_s, coalesce(s.member, ''), coalesce(k.note, '') FROM v_consent k LEFT JOIN v_seat s ON s.seat = k.seat
WHERE k.stream = :stream AND k.what = 'call' AND k.given = 0 AND k.superseded = 0 ORDER BY k.at_s DESC, k.ref LIMIT 1;
