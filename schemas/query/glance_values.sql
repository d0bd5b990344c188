-- The newest two values of each measurement, without reading the others.
WITH RECURSIVE c(code) AS (SELECT min(code) FROM v_obs WHERE stream = :stream
  UNION ALL SELECT (SELECT min(o.code) FROM v_obs o WHERE o.stream = :stream AND o.code > c.code) FROM c WHERE c.code IS NOT NULL)
SELECT o.code, o.at_s, o.value, o.scale FROM c JOIN v_obs o ON o.stream = :stream AND o.code = c.code
  AND o.at_s >= (SELECT min(w.at_s) FROM (SELECT x.at_s FROM v_obs x WHERE x.stream = :stream AND x.code = c.code ORDER BY x.at_s DESC LIMIT 2) w)
WHERE o.value IS NOT NULL ORDER BY o.code, o.at_s DESC, o.ref DESC, o.n DESC LIMIT 200;
