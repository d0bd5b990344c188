SELECT coalesce(sum(c.ref IS NOT NULL), 0), coalesce(sum(c.ref IS NULL), 0),
  coalesce((SELECT max(e.at_s) FROM entry e WHERE e.stream = :stream AND e.kind = 'observations.recorded' AND e.folded = 1), 0)
FROM v_obs o LEFT JOIN v_contact c ON c.stream = o.stream AND c.ref = o.ref WHERE o.stream = :stream AND o.code = :code;
