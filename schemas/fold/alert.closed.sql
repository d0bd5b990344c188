UPDATE v_alert SET closed_s = :at_s, waiver = :waiver WHERE stream = :stream AND ref = :alert
  AND (verified_s IS NOT NULL OR length(:waiver) > 0);
INSERT INTO v_alert_step VALUES (:stream, :alert, :ref, 'closed', :at_s, :seat, coalesce(:note, :waiver), :lamport, NULL);
