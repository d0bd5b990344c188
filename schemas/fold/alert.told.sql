UPDATE v_alert SET told_s = coalesce(told_s, :told_s), told_who = coalesce(told_who, :who) WHERE stream = :stream AND ref = :alert;
INSERT INTO v_alert_step VALUES (:stream, :alert, :ref, 'told', :told_s, :seat, :who, :lamport, NULL);
