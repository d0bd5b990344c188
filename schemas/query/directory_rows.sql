SELECT a.patient, p.name, f.number FROM v_assign a JOIN v_patient p ON p.stream = a.patient
JOIN v_phone f ON f.stream = a.patient WHERE a.stream = :team AND coalesce(f.retired, 0) = 0 ORDER BY a.patient, f.n;
