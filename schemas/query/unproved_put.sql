INSERT INTO unproved (stream) VALUES (:stream) ON CONFLICT (stream) DO NOTHING;
