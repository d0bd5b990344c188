-- Promised callbacks that are still open, by whose list they are on.
SELECT a.member, b.due_s FROM v_assign a JOIN v_callback b ON b.stream = a.patient
WHERE a.stream = :team AND b.result IS NULL ORDER BY a.member, b.due_s;
