-- Approved by the order and not yet done here.
SELECT DISTINCT x.target FROM v_erasure x WHERE x.approver IS NOT NULL AND x.approved_pos IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM erased d WHERE d.stream = x.target) ORDER BY x.target;
