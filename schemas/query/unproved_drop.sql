DELETE FROM unproved WHERE stream = :stream;
