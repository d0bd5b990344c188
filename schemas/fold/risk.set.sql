-- What a person set stands against rules until it is given back to them.
INSERT INTO v_risk VALUES (:stream, :level, :reason, :rule, :version, :why_zh, :why_en, :inputs, :at_s, :seat, :ref)
ON CONFLICT (stream) DO UPDATE SET level = excluded.level, reason = excluded.reason, rule = excluded.rule, version = excluded.version,
  why_zh = excluded.why_zh, why_en = excluded.why_en, inputs = excluded.inputs, at_s = excluded.at_s, seat = excluded.seat, ref = excluded.ref
WHERE excluded.rule IS NULL OR v_risk.rule IS NOT NULL OR :lifts = 1;
