-- How every vault is opened; @page@, @cache@ and @journal@ are filled in.
-- EXCLUSIVE before the journal mode, so that no shared index file appears.
PRAGMA page_size = @page@;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -@cache@;
-- Spilled pages and a rolled-back savepoint make SQLite 3.40 lose a commit.
PRAGMA cache_spill = OFF;
PRAGMA temp_store = MEMORY;
PRAGMA secure_delete = ON;
PRAGMA cell_size_check = ON;
PRAGMA trusted_schema = OFF;
PRAGMA journal_mode = @journal@;
PRAGMA synchronous = FULL;
-- A save touches some nine pages: at 1,000 one save in a hundred waited for a
-- checkpoint, and that was the hundredth that save.p99 sees.
PRAGMA wal_autocheckpoint = 4000;
