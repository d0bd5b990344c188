INSERT INTO v_access VALUES (:stream, :ref, 'opened', :why, :at_s, :seat);
