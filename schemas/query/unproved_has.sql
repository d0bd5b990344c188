SELECT 1 FROM unproved WHERE stream = :stream;
