SELECT ref, script, at_s, started_s, ended_s, disposition, coalesce(amended, '') FROM v_contact
WHERE stream = :stream AND script <> '' ORDER BY at_s DESC, ref DESC LIMIT 1;
