SELECT seat, seq, hash, sha1, pos, state, frame, boxes FROM record ORDER BY seat, seq;
