INSERT INTO v_released VALUES (:stream, :entry, :ref, :at_s, :seat, :reason) ON CONFLICT (stream, entry) DO NOTHING;
-- each also
INSERT INTO v_released VALUES (:stream, :i_entry, :ref, :at_s, :seat, :reason) ON CONFLICT (stream, entry) DO NOTHING;
