-- Of an entry that folds by Lamport: is it undone, is one folded that comes
-- after it, and is anything of its stream undone?
SELECT EXISTS (SELECT 1 FROM v_undone WHERE stream = :stream AND seat = :seat AND seq = :seq),
EXISTS (SELECT 1 FROM entry WHERE stream = :stream AND folded = 1 AND (lamport, seat, seq, idx) > (:lamport, :seat, :seq, :idx)),
EXISTS (SELECT 1 FROM v_undone WHERE stream = :stream);
