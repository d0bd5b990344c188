SELECT size, incarnation, root, lmax, at_s, note FROM checkpoint ORDER BY size DESC LIMIT 1;
