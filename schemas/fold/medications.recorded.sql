-- each items
INSERT INTO v_medication VALUES (:stream, :ref, :n, :i_code, :i_system, :i_text, :i_day, :i_dose, :i_active);
