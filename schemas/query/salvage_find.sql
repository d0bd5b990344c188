SELECT n, boxes, seals, old, proof FROM salvage WHERE seat = :seat AND seq = :seq AND hash = :hash;
