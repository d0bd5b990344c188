SELECT leaf, size, proof FROM witness WHERE pos = :pos;
