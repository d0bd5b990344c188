SELECT seq, hash, sha1, lamport FROM record WHERE seat = :seat ORDER BY seq DESC LIMIT 1;
