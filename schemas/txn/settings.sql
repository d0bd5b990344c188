-- Settings of every connection; chosen by measurement, see docs/DECISIONS.md.
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -65536;
PRAGMA secure_delete = ON;
PRAGMA foreign_keys = OFF;
PRAGMA trusted_schema = OFF;
