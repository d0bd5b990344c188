SELECT key, kid FROM stream_key WHERE stream = :stream AND key IS NOT NULL ORDER BY epoch;
