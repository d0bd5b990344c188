-- 0001.sql - tables that are never rebuilt: the log itself, keys, the centre's
-- order, and what a person has typed but not yet signed.

CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;

-- One row a record: the compact frame (fields and signature) and the boxes of
-- its entries, each u32 length | bytes, length 0 where it is not here. pos is
-- its place in the centre's order, state 0 = own and not received, 1 =
-- received by the centre. Few indexes: every page a save touches is sealed and
-- written.
CREATE TABLE record (
  seat BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, sha1 BLOB NOT NULL,
  lamport INTEGER NOT NULL, at_s INTEGER NOT NULL, pos INTEGER, state INTEGER NOT NULL,
  seals BLOB, frame BLOB NOT NULL, boxes BLOB NOT NULL,
  PRIMARY KEY (seat, seq));
CREATE UNIQUE INDEX record_pos ON record (pos) WHERE pos IS NOT NULL;

-- A branch that contradicts a stored record: evidence, never folded.
CREATE TABLE fork (seat BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, frame BLOB NOT NULL, at_s INTEGER NOT NULL,
  PRIMARY KEY (seat, seq, hash)) WITHOUT ROWID;

-- One row an entry. verdict: 0 none yet, 1 admitted, 2 late, 3 and above held
-- (core/verdict.def). folded: 1 when the view shows it.
CREATE TABLE entry (
  stream BLOB NOT NULL, lamport INTEGER NOT NULL, seat BLOB NOT NULL, seq INTEGER NOT NULL, idx INTEGER NOT NULL,
  kind TEXT NOT NULL, version INTEGER NOT NULL, mode TEXT NOT NULL, kid BLOB, at_s INTEGER NOT NULL,
  pos INTEGER, verdict INTEGER NOT NULL, folded INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (stream, lamport, seat, seq, idx)) WITHOUT ROWID;
CREATE INDEX entry_held ON entry (verdict) WHERE verdict >= 3;

-- Stream keys, wrapped. epoch numbers the keys of a stream as they came; key
-- is NULL after a withdrawal or an erasure.
CREATE TABLE stream_key (stream BLOB NOT NULL, kid BLOB NOT NULL, epoch INTEGER NOT NULL, key BLOB, since_s INTEGER NOT NULL,
  PRIMARY KEY (stream, kid)) WITHOUT ROWID;

-- The centre's order: the leaf of each position, and the tree above it.
CREATE TABLE leaf (pos INTEGER PRIMARY KEY, hash BLOB NOT NULL, seat BLOB NOT NULL, seq INTEGER NOT NULL, node_s INTEGER NOT NULL,
  verdicts BLOB NOT NULL);
CREATE TABLE tree (level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)) WITHOUT ROWID;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, incarnation BLOB NOT NULL, root BLOB NOT NULL, lmax INTEGER NOT NULL, at_s INTEGER NOT NULL,
  note TEXT NOT NULL);

-- What the centre owes each seat, in order; n without gaps. what: 1 a record
-- by position, 2 the keys of a stream, 3 withdraw a stream.
CREATE TABLE feed (seat BLOB NOT NULL, n INTEGER NOT NULL, what INTEGER NOT NULL, pos INTEGER, stream BLOB, chain BLOB NOT NULL,
  PRIMARY KEY (seat, n)) WITHOUT ROWID;
CREATE TABLE feed_stream (seat BLOB NOT NULL, stream BLOB NOT NULL, PRIMARY KEY (seat, stream)) WITHOUT ROWID;

-- Unsigned work in progress, one durable row an answer.
CREATE TABLE shelf (slot TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, at_s INTEGER NOT NULL,
  PRIMARY KEY (slot, n)) WITHOUT ROWID;

-- Input that could not be read, kept until a person corrects it. original: the
-- resource as JSON, '' where there is none to keep.
CREATE TABLE quarantine (id INTEGER PRIMARY KEY, file TEXT NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
  original TEXT NOT NULL, at_s INTEGER NOT NULL);
