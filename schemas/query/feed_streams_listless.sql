-- Patients whom somebody reads and who are on no list.
SELECT DISTINCT stream FROM feed_stream WHERE stream NOT IN (SELECT patient FROM v_assign) ORDER BY stream;
