UPDATE record SET boxes = :boxes, seals = :seals WHERE seat = :seat AND seq = :seq;
