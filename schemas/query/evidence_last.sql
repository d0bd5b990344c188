SELECT code, at_s, (SELECT count(*) FROM evidence) FROM evidence ORDER BY n DESC LIMIT 1;
