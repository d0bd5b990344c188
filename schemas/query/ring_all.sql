SELECT key, kid FROM stream_key WHERE stream = :stream AND key IS NOT NULL AND epoch > 0 ORDER BY epoch;
