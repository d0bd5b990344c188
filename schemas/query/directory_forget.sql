DELETE FROM directory WHERE stream = :stream;
