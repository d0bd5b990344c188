SELECT code, onset_day FROM v_condition WHERE stream = :stream ORDER BY system, code, ref;
