SELECT member, ref FROM v_assign WHERE stream = :team AND patient = :patient;
