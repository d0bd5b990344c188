-- The nth branch record about a patient; a frame holds the ids of its streams.
SELECT frame, seals, boxes, hash FROM fork WHERE instr(frame, :stream) > 0 ORDER BY seat, seq, hash LIMIT 1 OFFSET :nth;
