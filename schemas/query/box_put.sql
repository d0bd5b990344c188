INSERT INTO box (hash, data) VALUES (:hash, :data) ON CONFLICT (hash) DO NOTHING;
