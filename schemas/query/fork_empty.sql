UPDATE fork SET boxes = :boxes, seals = coalesce(:seals, x'') WHERE hash = :hash;
