INSERT INTO stream_key (stream, kid, epoch, key, since_s) VALUES (:stream, :kid, 0, :key, :since_s) ON CONFLICT (stream, kid) DO NOTHING;
