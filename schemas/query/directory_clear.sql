DELETE FROM directory;
