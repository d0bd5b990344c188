INSERT INTO tree (level, idx, hash) VALUES (:level, :idx, :hash) ON CONFLICT (level, idx) DO NOTHING;
