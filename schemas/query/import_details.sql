SELECT name, sex, birth_day, deceased_day FROM v_patient WHERE stream = :stream;
