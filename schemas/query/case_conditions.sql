SELECT text, max(onset_day) FROM v_condition WHERE stream = :stream AND resolved_day IS NULL AND text IS NOT NULL
GROUP BY text ORDER BY 2 DESC, 1 LIMIT 16;
