UPDATE v_alert SET escalated_s = :at_s, escalated_to = :to, level = coalesce(:level, level) WHERE stream = :stream AND ref = :alert;
INSERT INTO v_alert_step VALUES (:stream, :alert, :ref, 'escalated', :at_s, :seat, :reason, :lamport, :to);
