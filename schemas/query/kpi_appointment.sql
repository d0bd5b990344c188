-- Appointments of the period, and those the patient came to.
WITH p(from_s, until_s, from_day, until_day) AS (SELECT :from_s, :until_s, :from_day, :until_day)
SELECT v.stream, coalesce((SELECT a.member FROM v_assign a WHERE a.patient = v.stream LIMIT 1), ''), v.state = 'came', 1, ''
FROM v_appointment v JOIN p WHERE v.at_s >= p.from_s AND v.at_s < p.until_s AND v.state <> 'cancelled';
