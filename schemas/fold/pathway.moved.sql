UPDATE v_enrol SET version = :version WHERE stream = :stream AND pathway = :pathway;
DELETE FROM v_due WHERE stream = :stream AND pathway = :pathway;
-- each next
INSERT INTO v_due VALUES (:stream, :i_pathway, :i_pathway_version, :i_step, :i_script, :i_open_day, :i_due_day, :i_close_day, :i_minutes,
  :i_attempts, :i_not_before_s, :i_rule, :i_rule_version, :i_why_zh, :i_why_en,
  :i_inputs, :ref)
ON CONFLICT (stream, pathway) DO NOTHING;
