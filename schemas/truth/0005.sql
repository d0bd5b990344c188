-- 0005.sql - who reads a stream is asked for every record that enters; the
-- key of the table begins with the seat.
CREATE INDEX feed_stream_readers ON feed_stream (stream);
