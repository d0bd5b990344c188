SELECT stream, member, ref FROM v_assign WHERE patient = :patient;
