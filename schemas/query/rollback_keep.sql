INSERT INTO old_checkpoint (incarnation, size, root, lmax, note)
SELECT incarnation, size, root, lmax, note FROM checkpoint WHERE size > :size ON CONFLICT DO NOTHING;
