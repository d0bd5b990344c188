-- Patients of whom only the clock may have changed who reads them: a cover
-- that began or ended between two days, an emergency access, a sampled call
-- or an alert that ended, grown too old.
SELECT a.patient FROM v_cover c JOIN v_assign a ON a.stream = c.stream AND a.member = c.member
  WHERE c.ended = 0 AND ((c.from_day > :from_day AND c.from_day <= :until_day)
  OR (c.until_day >= :from_day AND c.until_day < :until_day))
UNION SELECT x.stream FROM v_access x WHERE x.what = 'glass' AND x.at_s > :glass_from AND x.at_s <= :glass_until
UNION SELECT l.stream FROM v_alert l WHERE l.closed_s > :ended_from AND l.closed_s <= :ended_until
UNION SELECT l.stream FROM v_alert l WHERE l.closed_s IS NULL AND l.corrected_s IS NULL AND l.withdrawn_s > :ended_from AND l.withdrawn_s <= :ended_until
UNION SELECT c.stream FROM v_contact c WHERE c.at_s > :sample_from AND c.at_s <= :sample_until
  AND EXISTS (SELECT 1 FROM v_member m WHERE m.role = 'reviewer')
ORDER BY 1;
