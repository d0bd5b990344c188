SELECT 1 FROM v_access x JOIN v_seat s ON s.seat = x.seat
WHERE x.stream = :stream AND x.what = 'glass' AND x.at_s > :glass_s AND s.member = :member LIMIT 1;
