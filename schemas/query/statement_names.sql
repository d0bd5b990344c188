SELECT 1 FROM v_statement WHERE stream = :roster AND what = :what AND instr(text, :name) > 0 LIMIT 1;
