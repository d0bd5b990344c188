INSERT INTO v_appointment VALUES (:stream, coalesce(:appointment, :ref), :b_at_s, :department, :state, :note)
ON CONFLICT (stream, ref) DO UPDATE SET at_s = excluded.at_s, department = excluded.department, state = excluded.state,
  note = coalesce(excluded.note, note);
