-- each items
INSERT INTO v_visit VALUES (:stream, :i_key, :ref, :i_class, :i_text, :i_department, :i_from_s, :i_until_s)
ON CONFLICT (stream, key, ref) DO NOTHING;
