UPDATE stream_key SET epoch = (SELECT max(epoch) + 1 FROM stream_key WHERE stream = :stream)
WHERE stream = :stream AND kid = :kid AND epoch = 0;
