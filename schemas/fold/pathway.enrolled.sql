INSERT INTO v_enrol VALUES (:stream, :pathway, :version, :anchor, :anchor_day, :why_zh, :why_en, :at_s, NULL)
ON CONFLICT (stream, pathway) DO UPDATE SET version = excluded.version, anchor = excluded.anchor, anchor_day = excluded.anchor_day,
  why_zh = excluded.why_zh, why_en = excluded.why_en, since_s = excluded.since_s, left_reason = NULL;
-- each next
INSERT INTO v_due VALUES (:stream, :i_pathway, :i_pathway_version, :i_step, :i_script, :i_open_day, :i_due_day, :i_close_day, :i_minutes,
  :i_attempts, :i_not_before_s, :i_rule, :i_rule_version, :i_why_zh, :i_why_en,
  :i_inputs, :ref)
ON CONFLICT (stream, pathway) DO UPDATE SET pathway_version = excluded.pathway_version, step = excluded.step, script = excluded.script,
  open_day = excluded.open_day, due_day = excluded.due_day, close_day = excluded.close_day, minutes = excluded.minutes, attempts = excluded.attempts,
  not_before_s = excluded.not_before_s, rule = excluded.rule, rule_version = excluded.rule_version, why_zh = excluded.why_zh, why_en = excluded.why_en,
  inputs = excluded.inputs, ref = excluded.ref;
