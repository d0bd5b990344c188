SELECT stream FROM v_due WHERE pathway = :id ORDER BY stream;
