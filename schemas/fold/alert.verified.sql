UPDATE v_alert SET verified_s = :at_s WHERE stream = :stream AND ref = :alert;
INSERT INTO v_alert_step VALUES (:stream, :alert, :ref, 'verified', :at_s, :seat, :note, :lamport, NULL);
