SELECT count(*) FROM feed_stream;
