-- Calls that a seat began and has not ended in an earlier record. References
-- end in "-seq-index".
SELECT 1 FROM v_access x WHERE x.stream = :stream AND x.what = 'call' AND x.seat = :seat AND x.at_s > :since_s
  AND NOT EXISTS (SELECT 1 FROM v_contact c WHERE c.stream = x.stream AND c.seat = x.seat
    AND CAST(substr(c.ref, 34) AS INTEGER) BETWEEN CAST(substr(x.ref, 34) AS INTEGER) AND :seq - 1) LIMIT 1;
