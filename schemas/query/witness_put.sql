INSERT INTO witness (pos, leaf, size, proof) VALUES (:pos, :leaf, :size, :proof) ON CONFLICT (pos) DO NOTHING;
