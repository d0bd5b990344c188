INSERT INTO v_branch_release VALUES (:stream, :b_seat, :branch, :to, :ref, :seat, :pos)
ON CONFLICT (stream, seat, hash, to_seat) DO NOTHING;
