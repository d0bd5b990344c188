INSERT INTO v_access VALUES (:stream, :ref, 'printed', :what, :at_s, :seat);
