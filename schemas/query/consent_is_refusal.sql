SELECT 1 FROM v_consent WHERE stream = :stream AND ref = :ref AND what = 'call' AND given = 0;
