DELETE FROM box WHERE hash IN (SELECT box FROM entry WHERE stream = :stream AND mode <> 'C' AND seat <> :me);
