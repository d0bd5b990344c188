-- The newest record before the first hole, of which only a centre that was
-- restored has any.
SELECT seq, hash, sha1, lamport FROM record WHERE seat = :seat
AND seq <= coalesce((SELECT head FROM gap WHERE seat = :seat), 9007199254740991) ORDER BY seq DESC LIMIT 1;
