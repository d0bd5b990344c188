SELECT text, max(day), dose FROM v_medication WHERE stream = :stream AND active = 1 AND text IS NOT NULL
GROUP BY text ORDER BY 2 DESC, 1 LIMIT 32;
