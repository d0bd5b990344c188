UPDATE v_alert SET withdrawn_s = :at_s WHERE stream = :stream AND ref = :alert;
INSERT INTO v_alert_step VALUES (:stream, :alert, :ref, 'withdrawn', :at_s, :seat, :reason, :lamport, NULL);
