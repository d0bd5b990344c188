UPDATE v_alert SET acked_s = coalesce(acked_s, :at_s), owner = coalesce(:owner, owner),
  corrected_s = coalesce(corrected_s, withdrawn_s), withdrawn_s = NULL, forwarded_s = NULL WHERE stream = :stream AND ref = :alert;
INSERT INTO v_alert_step VALUES (:stream, :alert, :ref, 'acknowledged', :at_s, :seat, :owner, :lamport, NULL);
