SELECT script, script_version, coalesce(script_hash, ''), completed, ended_s, coalesce(amended, ''), 0 FROM v_contact
WHERE stream = :stream AND ref = :ref
UNION ALL SELECT script, version, coalesce(hash, ''), 0, 0, '', n FROM v_contact_script WHERE stream = :stream AND ref = :ref
ORDER BY 7, 5 DESC;
