-- 0004.sql - what a terminal has of a first sync, the team's directory,
-- and which patients are erased.

-- Patients some of whose records are attested by the centre's order alone:
-- record.state = 2 where the author's signature has not been checked here.
CREATE TABLE unproved (stream BLOB PRIMARY KEY) WITHOUT ROWID;

-- Who is in the team's care: masked names and keyed hashes of numbers, by
-- which an incoming call finds its patient.
CREATE TABLE directory (phone BLOB NOT NULL, stream BLOB NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (phone, stream)) WITHOUT ROWID;

-- Streams whose erasure has been done here.
CREATE TABLE erased (stream BLOB PRIMARY KEY) WITHOUT ROWID;
