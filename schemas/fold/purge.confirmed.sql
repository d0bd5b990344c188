INSERT INTO v_purge VALUES (:stream, :patient, :seat, :assignment, :at_s)
ON CONFLICT (stream, patient, seat, assignment) DO NOTHING;
