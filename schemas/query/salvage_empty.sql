UPDATE salvage SET boxes = :boxes, seals = coalesce(:seals, x'') WHERE hash = :hash;
