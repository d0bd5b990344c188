SELECT text, signature FROM v_statement WHERE stream = :roster AND what = :what ORDER BY ref DESC;
