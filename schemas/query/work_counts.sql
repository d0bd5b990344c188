-- +d.stream: by the day's index, not along every patient there is.
SELECT count(*), coalesce(sum(d.due_day < :today), 0) FROM (SELECT 1 AS one, min(d.due_day) AS due_day FROM v_due d
  WHERE d.due_day <= :today AND EXISTS (SELECT 1 FROM v_assign s WHERE s.patient = d.stream AND s.member = :member)
  GROUP BY +d.stream LIMIT 10000) d;
