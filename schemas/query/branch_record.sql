SELECT by_seat, by_seq FROM v_branch WHERE stream = :roster AND seat = :seat AND seq = :seq LIMIT 1;
