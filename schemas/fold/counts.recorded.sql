INSERT INTO v_count VALUES (:stream, :member, :day, :ref, :calls, :reached, :completed, :talk_s);
