SELECT name, coalesce(nullif(name_en, ''), pinyin), sex, birth_day, id_no, address, dialect, hearing, best_time, education, occupation, department, doctor, deceased_day, language
FROM v_patient WHERE stream = :stream;
