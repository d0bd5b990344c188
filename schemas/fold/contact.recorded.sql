INSERT INTO v_contact VALUES (:stream, :ref, :at_s, :seat, :late, :script, :script_version, :script_hash, :respondent, :disposition,
  :disposition_version, :reached, :completed, coalesce(:stopped, 0), coalesce(:interrupted, 0), :number_index, :started_s, :ended_s, :class,
  :risk, :note, :recording, :recording_hash, NULL);
DELETE FROM v_snooze WHERE stream = :stream;
-- each done
INSERT INTO v_contact_step VALUES (:stream, :ref, :i_pathway, :i_step) ON CONFLICT (stream, ref, pathway, step) DO NOTHING;
DELETE FROM v_due WHERE stream = :stream AND pathway = :i_pathway AND step = :i_step AND :completed = 1;
-- each also
INSERT INTO v_contact_script VALUES (:stream, :ref, :n, :i_script, :i_version, :i_hash);
-- each answers
INSERT INTO v_answer VALUES (:stream, :ref, :i_link, :n, :i_type, :i_code, :i_text, :i_int, :i_scale, :i_unit, :i_script, NULL);
-- each observations
INSERT INTO v_obs VALUES (:stream, :i_code, :i_at_s, :ref, :n, :i_value, :i_scale, :i_unit, :i_source, :i_text);
-- each hits
INSERT INTO v_hit VALUES (:stream, :ref, :n, :i_rule, :i_version, :i_level, :i_inputs);
-- each scores
INSERT INTO v_score VALUES (:stream, :ref, :n, :i_score, :i_version, :i_code, :i_at_s, :i_total, :i_band, :i_inputs);
-- each advice
INSERT INTO v_advice VALUES (:stream, :ref, :n, :i_id, :i_version);
-- each next
INSERT INTO v_due VALUES (:stream, :i_pathway, :i_pathway_version, :i_step, :i_script, :i_open_day, :i_due_day, :i_close_day, :i_minutes,
  :i_attempts, :i_not_before_s, :i_rule, :i_rule_version, :i_why_zh, :i_why_en,
  :i_inputs, :ref)
ON CONFLICT (stream, pathway) DO UPDATE SET pathway_version = excluded.pathway_version, step = excluded.step, script = excluded.script,
  open_day = excluded.open_day, due_day = excluded.due_day, close_day = excluded.close_day, minutes = excluded.minutes, attempts = excluded.attempts,
  not_before_s = excluded.not_before_s, rule = excluded.rule, rule_version = excluded.rule_version, why_zh = excluded.why_zh, why_en = excluded.why_en,
  inputs = excluded.inputs, ref = excluded.ref;
