UPDATE salvage SET boxes = :boxes, seals = :seals, old = coalesce(old, :old), leaf = coalesce(leaf, :leaf),
  old_size = coalesce(old_size, :old_size), proof = coalesce(proof, :proof) WHERE n = :n;
