INSERT INTO v_access VALUES (:stream, :ref, 'exported', :what, :at_s, :seat);
