-- What was asked in the same call besides its first script.
SELECT script, version FROM v_contact_script WHERE stream = :stream AND ref = :ref ORDER BY n;
