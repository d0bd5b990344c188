-- In order of seat and seq, after :seat and :seq, a page at a time.
SELECT seat, seq, hash, sha1, pos, state, frame, boxes FROM record
WHERE (seat, seq) > (:seat, :seq) ORDER BY seat, seq LIMIT :most;
