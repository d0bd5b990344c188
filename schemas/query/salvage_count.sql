SELECT count(*) FROM salvage;
