UPDATE v_contact SET amended = :ref, disposition = coalesce(:disposition, disposition), reached = coalesce(:reached, reached),
  completed = coalesce(:completed, completed), class = coalesce(:class, class), note = coalesce(:note, note),
  respondent = coalesce(:respondent, respondent), risk = coalesce(:risk, risk)
WHERE stream = :stream AND ref = :contact;
INSERT INTO v_amend VALUES (:stream, :contact, :lamport, :ref, :at_s, :seat, :reason) ON CONFLICT (stream, contact, lamport, ref) DO NOTHING;
-- before observations
DELETE FROM v_obs WHERE stream = :stream AND ref = :contact;
-- before hits
DELETE FROM v_hit WHERE stream = :stream AND ref = :contact;
-- before scores
DELETE FROM v_score WHERE stream = :stream AND ref = :contact;
-- each answers
INSERT INTO v_answer_was SELECT stream, ref, link, n, type, code, text, int, scale, unit, script, amended, :ref FROM v_answer
WHERE stream = :stream AND ref = :contact AND link = :i_link AND coalesce(script, '') = coalesce(:i_script, '') AND (amended IS NULL OR amended <> :ref)
ON CONFLICT (stream, ref, link, n, replaced) DO NOTHING;
DELETE FROM v_answer WHERE stream = :stream AND ref = :contact AND link = :i_link
  AND coalesce(script, '') = coalesce(:i_script, '') AND (amended IS NULL OR amended <> :ref);
INSERT INTO v_answer VALUES (:stream, :contact, :i_link, :n, :i_type, :i_code, :i_text, :i_int, :i_scale, :i_unit, :i_script, :ref);
-- each observations
INSERT INTO v_obs VALUES (:stream, :i_code, :i_at_s, :contact, :n, :i_value, :i_scale, :i_unit, :i_source, :i_text)
ON CONFLICT (stream, code, at_s, ref, n) DO NOTHING;
-- each hits
INSERT INTO v_hit VALUES (:stream, :contact, :n, :i_rule, :i_version, :i_level, :i_inputs);
-- each scores
INSERT INTO v_score VALUES (:stream, :contact, :n, :i_score, :i_version, :i_code, :i_at_s, :i_total, :i_band, :i_inputs);
-- each next
INSERT INTO v_due VALUES (:stream, :i_pathway, :i_pathway_version, :i_step, :i_script, :i_open_day, :i_due_day, :i_close_day, :i_minutes,
  :i_attempts, :i_not_before_s, :i_rule, :i_rule_version, :i_why_zh, :i_why_en,
  :i_inputs, :ref)
ON CONFLICT (stream, pathway) DO UPDATE SET pathway_version = excluded.pathway_version, step = excluded.step, script = excluded.script,
  open_day = excluded.open_day, due_day = excluded.due_day, close_day = excluded.close_day, minutes = excluded.minutes, attempts = excluded.attempts,
  not_before_s = excluded.not_before_s, rule = excluded.rule, rule_version = excluded.rule_version, why_zh = excluded.why_zh, why_en = excluded.why_en,
  inputs = excluded.inputs, ref = excluded.ref;
