INSERT INTO old_checkpoint (incarnation, size, root, lmax, note) VALUES (:incarnation, :size, :root, :lmax, :note) ON CONFLICT DO NOTHING;
