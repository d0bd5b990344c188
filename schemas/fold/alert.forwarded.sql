UPDATE v_alert SET queue = :queue, owner = :owner, forwarded_s = :at_s WHERE stream = :stream AND ref = :alert;
INSERT INTO v_alert_step VALUES (:stream, :alert, :ref, 'forwarded', :at_s, :seat, :reason, :lamport, coalesce(:owner, :queue));
