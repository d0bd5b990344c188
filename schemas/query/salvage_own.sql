SELECT hash, frame, seals, boxes FROM salvage WHERE seat = :seat AND seq = :seq ORDER BY n LIMIT 1;
