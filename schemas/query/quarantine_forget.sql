-- Input that waits and speaks of the patient, by identifier, number or name.
DELETE FROM quarantine WHERE EXISTS (
  SELECT 1 FROM (
    SELECT value AS word FROM v_identifier WHERE stream = :stream
    UNION SELECT number FROM v_phone WHERE stream = :stream
    UNION SELECT name FROM v_patient WHERE stream = :stream
    UNION SELECT name_en FROM v_patient WHERE stream = :stream) w
  WHERE length(w.word) >= 2 AND (instr(quarantine.original, w.word) > 0 OR instr(quarantine.detail, w.word) > 0));
