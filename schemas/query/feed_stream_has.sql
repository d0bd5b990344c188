SELECT 1 FROM feed_stream WHERE seat = :seat AND stream = :stream;
