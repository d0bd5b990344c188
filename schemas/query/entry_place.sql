UPDATE entry SET pos = :pos, verdict = :verdict WHERE seat = :seat AND seq = :seq AND idx = :idx
RETURNING stream, kind;
