SELECT 'condition', code, coalesce(onset_day, 0) FROM v_condition WHERE stream = :stream AND resolved_day IS NULL
UNION ALL SELECT 'procedure', code, coalesce(day, 0) FROM v_procedure WHERE stream = :stream LIMIT 200;
