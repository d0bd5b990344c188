-- What was refused, and why, stays; the message about the patient does not.
UPDATE evidence SET message = x'' WHERE instr(message, :stream) > 0;
