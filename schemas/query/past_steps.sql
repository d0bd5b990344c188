-- The steps a contact did whose next contact is still the one it decided, in
-- itself or in its corrections.
SELECT s.pathway, s.step FROM v_contact_step s JOIN v_due d ON d.stream = s.stream AND d.pathway = s.pathway
WHERE s.stream = :stream AND s.ref = :ref AND (d.ref = :ref OR EXISTS (SELECT 1 FROM v_amend a
  WHERE a.stream = s.stream AND a.contact = :ref AND a.ref = d.ref))
ORDER BY s.pathway LIMIT 8;
