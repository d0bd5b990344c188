INSERT INTO v_link VALUES (:stream, :other, :linked, :ref)
ON CONFLICT (stream, other) DO UPDATE SET linked = excluded.linked, ref = excluded.ref;
