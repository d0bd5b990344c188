INSERT INTO v_handover VALUES (:stream, :ref, :seat, :to, :day, :unfinished, :promises, :alerts, :unsent, NULL);
