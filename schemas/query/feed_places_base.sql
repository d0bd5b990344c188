-- What every seat gets: the roster and published content.
SELECT e.pos FROM entry e WHERE e.stream = :roster AND e.pos IS NOT NULL
UNION SELECT e.pos FROM v_content c JOIN entry e ON e.stream = c.stream WHERE e.pos IS NOT NULL ORDER BY 1;
