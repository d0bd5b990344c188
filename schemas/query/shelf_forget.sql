-- What was being typed; a withdrawal that waits still confirms itself.
DELETE FROM shelf WHERE instr(slot, :part) > 0 AND substr(slot, 1, 9) <> 'withdraw/';
