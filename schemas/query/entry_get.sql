SELECT verdict, pos, folded FROM entry WHERE stream = :stream AND lamport = :lamport AND seat = :seat AND seq = :seq AND idx = :idx;
