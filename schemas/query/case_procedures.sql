SELECT text, max(day) FROM v_procedure WHERE stream = :stream AND text IS NOT NULL GROUP BY text ORDER BY 2 DESC, 1 LIMIT 8;
