SELECT text FROM v_statement WHERE stream = :roster AND what = :what;
