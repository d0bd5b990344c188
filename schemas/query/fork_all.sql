SELECT seat, seq, hash, frame FROM fork ORDER BY seat, seq, hash;
