INSERT INTO v_statement VALUES (:stream, :ref, :what, :text, :signature);
