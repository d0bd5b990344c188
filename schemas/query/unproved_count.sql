SELECT count(*) FROM unproved;
