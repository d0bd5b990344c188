-- Newest first; what the centre has not placed yet comes before all.
SELECT pos, frame FROM record ORDER BY pos IS NOT NULL, pos DESC, at_s DESC, seat, seq DESC LIMIT :most;
