SELECT root FROM old_checkpoint WHERE incarnation = :incarnation AND size = :size ORDER BY root;
