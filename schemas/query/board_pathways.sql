-- Who follows patients of which pathway.
SELECT DISTINCT a.member, e.pathway FROM v_assign a JOIN v_enrol e ON e.stream = a.patient
WHERE a.stream = :team AND e.left_reason IS NULL ORDER BY a.member, e.pathway;
