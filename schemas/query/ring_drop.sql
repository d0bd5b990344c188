UPDATE stream_key SET key = NULL WHERE stream = :stream;
