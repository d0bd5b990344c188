SELECT hash, sha1, lamport, pos, state, seals, frame, boxes FROM record WHERE seat = :seat AND seq = :seq;
