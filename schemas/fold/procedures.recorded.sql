-- each items
INSERT INTO v_procedure VALUES (:stream, :ref, :n, :i_code, :i_system, :i_text, :i_day);
