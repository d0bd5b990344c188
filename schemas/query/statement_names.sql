SELECT 1 FROM v_statement WHERE stream = :roster AND what = 'operator' AND instr(text, :seat) > 0 LIMIT 1;
