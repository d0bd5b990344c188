INSERT INTO checkpoint (size, incarnation, root, lmax, at_s, note) VALUES (:size, :incarnation, :root, :lmax, :at_s, :note)
ON CONFLICT (size) DO NOTHING;
