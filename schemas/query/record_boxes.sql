UPDATE record SET boxes = :boxes WHERE seat = :seat AND seq = :seq;
