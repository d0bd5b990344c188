SELECT stream FROM erased ORDER BY stream;
