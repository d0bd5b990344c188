SELECT (SELECT count(*) FROM v_patient), coalesce((SELECT until_s FROM v_seat WHERE seat = :seat LIMIT 1), 0);
