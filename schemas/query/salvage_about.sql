-- The nth waiting record about a patient.
SELECT frame, seals, boxes, hash FROM salvage WHERE instr(frame, :stream) > 0 ORDER BY n LIMIT 1 OFFSET :nth;
