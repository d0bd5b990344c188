UPDATE v_callback SET due_s = :due_s, owner = coalesce(:owner, owner) WHERE stream = :stream AND ref = :callback;
