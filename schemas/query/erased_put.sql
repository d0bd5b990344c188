INSERT INTO erased (stream) VALUES (:stream) ON CONFLICT (stream) DO NOTHING;
