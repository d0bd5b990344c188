SELECT number, relation, name, consent, retired FROM v_phone WHERE stream = :stream ORDER BY retired, n LIMIT 8;
