SELECT member FROM v_assign WHERE patient = :patient AND member <> '' LIMIT 1;
