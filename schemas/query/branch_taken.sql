SELECT by_seat, by_seq, skipped FROM v_branch WHERE stream = :roster AND seat = :seat AND hash = :record;
