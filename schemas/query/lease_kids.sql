-- Every key lent to a seat, in the order of its digest.
SELECT f.stream, k.kid FROM feed_stream f JOIN stream_key k ON k.stream = f.stream AND k.key IS NOT NULL
WHERE f.seat = :seat ORDER BY f.stream, k.kid;
