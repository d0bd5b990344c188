DELETE FROM v_tag WHERE stream = :stream AND tag = :tag;
INSERT INTO v_tag SELECT :stream, :tag, :reason, :until_day, :ref WHERE :on = 1;
