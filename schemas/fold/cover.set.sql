INSERT INTO v_cover (stream, ref, member, by_member, from_day, until_day)
VALUES (:stream, :ref, :member, :by, :from_day, :until_day);
