SELECT incarnation, size, note FROM old_checkpoint WHERE (incarnation, size) > (:incarnation, :size)
ORDER BY incarnation, size, root LIMIT :most;
