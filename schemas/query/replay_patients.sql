SELECT stream FROM v_patient ORDER BY stream;
