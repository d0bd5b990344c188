-- 0003.sql - what a terminal refused of the centre's: the message as it came,
-- so that an operator can prove it. The oldest are kept.
CREATE TABLE evidence (n INTEGER PRIMARY KEY, at_s INTEGER NOT NULL, code INTEGER NOT NULL, detail TEXT NOT NULL, message BLOB NOT NULL);
