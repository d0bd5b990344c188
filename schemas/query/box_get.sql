SELECT data FROM box WHERE hash = :hash;
