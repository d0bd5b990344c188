-- 0006.sql - what folds by its place asks whether a later one of its kind has
-- been folded; a team's stream has one for every patient.
CREATE INDEX entry_place ON entry (stream, kind, pos) WHERE mode = 'C';
