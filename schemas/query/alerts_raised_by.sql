SELECT count(*) FROM v_alert a JOIN v_seat s ON s.seat = a.seat WHERE s.member = :member AND a.closed_s IS NULL AND a.withdrawn_s IS NULL;
