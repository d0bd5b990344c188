-- each items
INSERT INTO v_obs VALUES (:stream, :i_code, :i_at_s, :ref, :n, :i_value, :i_scale, :i_unit, :i_source, :i_text);
