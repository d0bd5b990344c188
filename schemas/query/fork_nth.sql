SELECT frame, seals, boxes FROM fork ORDER BY seat, seq, hash LIMIT 1 OFFSET :n;
