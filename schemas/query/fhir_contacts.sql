-- Contacts with answers that ended, or were corrected, since a moment.
SELECT c.stream, c.ref FROM v_contact c WHERE c.script <> '' AND c.ended_s >= :since
  AND EXISTS (SELECT 1 FROM v_answer a WHERE a.stream = c.stream AND a.ref = c.ref)
ORDER BY c.stream, c.at_s, c.ref;
