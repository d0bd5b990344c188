INSERT INTO v_branch VALUES (:stream, :b_seat, :record, :b_seq, :seat, :seq, :skipped)
ON CONFLICT (stream, seat, hash) DO NOTHING;
-- each entries
INSERT INTO v_branch_entry VALUES (:stream, :b_seat, :record, :b_seq, :i_index, :seat, :seq, :n)
ON CONFLICT (stream, seat, hash, idx) DO NOTHING;
