INSERT INTO v_released VALUES (:stream, :entry, :ref) ON CONFLICT (stream, entry) DO NOTHING;
