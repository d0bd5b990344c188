-- An acknowledgement beats a withdrawal, whichever comes first: then a person
-- closes it. So does what was corrected after its call.
UPDATE v_alert SET withdrawn_s = CASE WHEN acked_s IS NULL THEN :at_s END,
  corrected_s = CASE WHEN acked_s IS NOT NULL OR :change IS NOT NULL THEN :at_s ELSE corrected_s END
WHERE stream = :stream AND ref = :alert;
INSERT INTO v_alert_step VALUES (:stream, :alert, :ref, 'withdrawn', :at_s, :seat, coalesce(:change || '  ', '') || :reason, :lamport, NULL);
