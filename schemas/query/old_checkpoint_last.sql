SELECT incarnation, size, root, lmax FROM old_checkpoint ORDER BY incarnation DESC, size DESC LIMIT 1;
