-- Who has a patient; answered by v_assign_patient alone.
SELECT stream, member FROM v_assign WHERE patient = :patient;
