SELECT count(DISTINCT c.stream) FROM v_contact c WHERE c.at_s >= :from_s AND c.completed = 1
  AND c.seat IN (SELECT seat FROM v_seat WHERE member = :member);
