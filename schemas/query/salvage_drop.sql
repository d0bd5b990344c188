DELETE FROM salvage WHERE n = :n;
