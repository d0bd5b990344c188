UPDATE entry SET folded = 0 WHERE stream = :stream;
