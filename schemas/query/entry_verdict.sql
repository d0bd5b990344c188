SELECT verdict, stream, kind FROM entry WHERE seat = :seat AND seq = :seq AND idx = :idx;
