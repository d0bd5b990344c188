-- The newest total of each score.
SELECT s.score, s.version, s.total, s.at_s, coalesce(s.inputs, '') FROM v_score s
WHERE s.stream = :stream AND s.total IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM v_score t WHERE t.stream = s.stream AND t.score = s.score AND t.total IS NOT NULL AND (t.at_s, t.ref) > (s.at_s, s.ref))
ORDER BY s.score LIMIT 12;
