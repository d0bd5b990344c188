SELECT DISTINCT stream FROM entry ORDER BY stream;
