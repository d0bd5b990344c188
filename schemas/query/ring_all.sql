SELECT kid, key, epoch FROM stream_key WHERE stream = :stream AND key IS NOT NULL ORDER BY epoch;
