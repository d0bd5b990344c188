DELETE FROM quarantine WHERE id = :id RETURNING id;
