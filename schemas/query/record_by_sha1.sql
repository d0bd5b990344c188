-- Without an index: saves should not pay for it, and walks know the place.
SELECT seat, seq, frame FROM record WHERE sha1 = :sha1 LIMIT 1;
