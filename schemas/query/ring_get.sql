SELECT key FROM stream_key WHERE stream = :stream AND kid = :kid;
