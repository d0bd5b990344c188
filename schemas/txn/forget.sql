DELETE FROM "$" WHERE stream = :stream;
