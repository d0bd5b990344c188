UPDATE entry SET folded = :folded WHERE stream = :stream AND lamport = :lamport AND seat = :seat AND seq = :seq AND idx = :idx;
