SELECT frame, seals, boxes, at_s FROM fork WHERE seat = :seat AND hash = :hash;
