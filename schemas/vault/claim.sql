-- Takes the lock for the life of the connection; writes page 1 of a new file.
BEGIN EXCLUSIVE;
COMMIT;
