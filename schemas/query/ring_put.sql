INSERT INTO stream_key (stream, kid, epoch, key, since_s)
VALUES (:stream, :kid, (SELECT coalesce(max(epoch), 0) + 1 FROM stream_key WHERE stream = :stream), :key, :since_s)
ON CONFLICT (stream, kid) DO UPDATE SET key = coalesce(stream_key.key, excluded.key);
