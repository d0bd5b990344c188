-- 0002.sql - what a restore of the centre leaves behind. A place in the order
-- of an incarnation that was cut off is kept as incarnation << 40 | place.

-- Signed checkpoints of a lost tail: on a terminal its proof, at the centre
-- what terminals have shown.
CREATE TABLE old_checkpoint (incarnation BLOB NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, lmax INTEGER NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY (incarnation, size, root)) WITHOUT ROWID;

-- The centre: records that terminals brought back and that have no place yet;
-- old is their old place, NULL for what never had one. leaf and proof: that
-- the old order held it, as of old_size.
CREATE TABLE salvage (n INTEGER PRIMARY KEY, seat BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, sha1 BLOB NOT NULL, old INTEGER,
  leaf BLOB, old_size INTEGER, proof BLOB, frame BLOB NOT NULL, seals BLOB NOT NULL, boxes BLOB NOT NULL, at_s INTEGER NOT NULL);
CREATE UNIQUE INDEX salvage_seat ON salvage (seat, seq, hash);

-- Seats with a hole in the centre's log: the newest record before the first.
CREATE TABLE gap (seat BLOB PRIMARY KEY, head INTEGER NOT NULL) WITHOUT ROWID;

-- A terminal's proofs that records of others are in the centre's order, for
-- those that no backup covers yet.
CREATE TABLE witness (pos INTEGER PRIMARY KEY, leaf BLOB NOT NULL, size INTEGER NOT NULL, proof BLOB NOT NULL);

-- All of a branch is kept, not only where it began.
ALTER TABLE fork ADD COLUMN seals BLOB;
ALTER TABLE fork ADD COLUMN boxes BLOB;
