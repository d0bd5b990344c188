SELECT 1 FROM v_statement WHERE stream = :roster AND text = :text LIMIT 1;
