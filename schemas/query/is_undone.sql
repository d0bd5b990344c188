SELECT 1 FROM v_undone WHERE stream = :stream AND seat = :seat AND seq = :seq;
