INSERT INTO v_access VALUES (:stream, :ref, 'glass', :reason, :at_s, :seat);
