SELECT incarnation, root, lmax FROM checkpoint WHERE size = :size;
