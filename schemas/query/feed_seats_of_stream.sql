SELECT seat FROM feed_stream WHERE stream = :stream ORDER BY seat;
