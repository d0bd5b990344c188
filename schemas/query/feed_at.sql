SELECT chain FROM feed WHERE seat = :seat AND n = :n;
