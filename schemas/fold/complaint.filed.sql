INSERT INTO v_complaint VALUES (:stream, :ref, :at_s, :seat, :category, :text, :owner, :due_day, NULL, NULL);
