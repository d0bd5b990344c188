UPDATE entry SET pos = :pos, verdict = :verdict WHERE stream = :stream AND lamport = :lamport AND seat = :seat AND seq = :seq AND idx = :idx;
