SELECT d.pathway, d.pathway_version, d.step, d.script, d.open_day, d.due_day, d.close_day, d.minutes, d.attempts, d.not_before_s,
  d.rule, d.rule_version, d.why_zh, d.why_en, e.anchor_day, coalesce(d.inputs, ''), coalesce(e.version, '')
FROM v_due d LEFT JOIN v_enrol e ON e.stream = d.stream AND e.pathway = d.pathway
WHERE d.stream = :stream ORDER BY d.due_day, d.pathway LIMIT 8;
