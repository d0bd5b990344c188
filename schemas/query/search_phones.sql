SELECT stream, number FROM v_phone WHERE stream > :after ORDER BY stream, n;
