INSERT INTO feed_stream (seat, stream) VALUES (:seat, :stream) ON CONFLICT (seat, stream) DO NOTHING;
