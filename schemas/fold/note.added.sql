INSERT INTO v_note VALUES (:stream, :ref, :at_s, :seat, :late, :text, :tag);
