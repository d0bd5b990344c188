SELECT 1 FROM box WHERE hash = :hash;
