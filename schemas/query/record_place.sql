UPDATE record SET pos = :pos, state = 1, seals = NULL WHERE seat = :seat AND seq = :seq;
