SELECT lmax, note FROM old_checkpoint WHERE incarnation = :incarnation AND size = :size AND root = :root;
