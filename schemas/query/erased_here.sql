SELECT 1 FROM erased WHERE stream = :stream;
