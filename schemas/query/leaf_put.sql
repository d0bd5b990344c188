INSERT INTO leaf (pos, hash, seat, seq, node_s, verdicts) VALUES (:pos, :hash, :seat, :seq, :node_s, :verdicts)
ON CONFLICT (pos) DO NOTHING;
