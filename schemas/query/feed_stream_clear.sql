DELETE FROM feed_stream WHERE seat = :seat;
