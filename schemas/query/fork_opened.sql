UPDATE fork SET seals = x'' WHERE seat = :seat AND hash = :hash;
