-- each items
INSERT INTO v_condition VALUES (:stream, :i_code, :i_system, :ref, :i_text, :i_onset_day, :i_resolved_day)
ON CONFLICT (stream, system, code, ref) DO NOTHING;
