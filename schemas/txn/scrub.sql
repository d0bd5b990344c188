-- Old pages of the log hold what was just destroyed.
PRAGMA wal_checkpoint(TRUNCATE);
