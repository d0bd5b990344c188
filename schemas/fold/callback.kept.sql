UPDATE v_callback SET result = :result, contact = :contact WHERE stream = :stream AND ref = :callback;
