SELECT stream FROM feed_stream WHERE seat = :seat ORDER BY stream;
