SELECT at_s, disposition, reached, completed, coalesce(note, ''), class, ended_s - started_s, ref, number_index FROM v_contact
WHERE stream = :stream ORDER BY at_s DESC LIMIT 1;
