UPDATE v_enrol SET left_reason = :reason WHERE stream = :stream AND pathway = :pathway;
DELETE FROM v_due WHERE stream = :stream AND pathway = :pathway;
