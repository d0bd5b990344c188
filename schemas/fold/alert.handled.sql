UPDATE v_alert SET handled_s = :at_s WHERE stream = :stream AND ref = :alert;
INSERT INTO v_alert_step VALUES (:stream, :alert, :ref, 'handled', :at_s, :seat, :action, :lamport, NULL);
