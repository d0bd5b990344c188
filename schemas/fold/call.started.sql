INSERT INTO v_access VALUES (:stream, :ref, 'call', :direction, :at_s, :seat);
