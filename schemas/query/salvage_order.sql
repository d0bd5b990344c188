SELECT n FROM salvage ORDER BY old IS NULL, old, n;
