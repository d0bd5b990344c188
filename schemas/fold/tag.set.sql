DELETE FROM v_tag WHERE stream = :stream AND tag = :tag;
INSERT INTO v_tag SELECT :stream, :tag, :name_zh, :name_en, :why_zh, :why_en, :reason, :rule, :version, :inputs, :until_day, :ref WHERE :on = 1;
