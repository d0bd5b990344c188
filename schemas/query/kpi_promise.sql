-- Promised callbacks that fell due, and those kept within 30 minutes.
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT b.stream, coalesce(b.owner, ''), coalesce(b.result = 'kept' AND coalesce((SELECT c.started_s FROM v_contact c
    WHERE c.stream = b.stream AND c.ref = b.contact), b.due_s) <= b.due_s + 1800, 0), 1, ''
FROM v_callback b JOIN p WHERE b.due_s >= p.from_s AND b.due_s < p.until_s - 1800 AND coalesce(b.result, '') <> 'cancelled';
