SELECT root, note FROM old_checkpoint WHERE incarnation = :incarnation AND size = :size ORDER BY root;
