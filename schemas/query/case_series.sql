SELECT o.at_s, o.value, o.scale, o.unit, coalesce(o.source, ''), o.ref, EXISTS (SELECT 1 FROM v_contact c WHERE c.stream = o.stream AND c.ref = o.ref)
FROM v_obs o WHERE o.stream = :stream AND o.code = :code ORDER BY o.at_s DESC LIMIT :max;
