-- What an entry of a branch is called now.
SELECT by_seat, by_seq, n FROM v_branch_entry WHERE stream = :roster AND seat = :seat AND seq = :seq AND idx = :idx LIMIT 1;
