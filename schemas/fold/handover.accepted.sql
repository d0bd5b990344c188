UPDATE v_handover SET accepted_s = coalesce(accepted_s, :at_s) WHERE stream = :stream AND ref = :handover;
