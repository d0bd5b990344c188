INSERT INTO v_callback VALUES (:stream, :ref, :due_s, :owner, :fallback, :number_index, :who, :note, NULL, NULL, :late);
