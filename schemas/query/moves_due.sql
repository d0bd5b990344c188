SELECT DISTINCT stream FROM v_due WHERE script = :id ORDER BY stream;
