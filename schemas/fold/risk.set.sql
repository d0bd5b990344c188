INSERT INTO v_risk VALUES (:stream, :level, :reason, :rule, :version, :ref)
ON CONFLICT (stream) DO UPDATE SET level = excluded.level, reason = excluded.reason, rule = excluded.rule, version = excluded.version, ref = excluded.ref;
