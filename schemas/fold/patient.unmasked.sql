INSERT INTO v_access VALUES (:stream, :ref, 'unmasked', :what, :at_s, :seat);
