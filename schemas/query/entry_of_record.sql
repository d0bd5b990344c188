SELECT idx, kind, stream, verdict FROM entry WHERE seat = :seat AND seq = :seq ORDER BY idx;
