UPDATE v_patient SET name = coalesce(:name, name), name_en = coalesce(:name_en, name_en), pinyin = coalesce(:pinyin, pinyin),
  initials = coalesce(:initials, initials), sex = coalesce(:sex, sex), birth_day = coalesce(:birth_day, birth_day),
  id_no = coalesce(:id_no, id_no), address = coalesce(:address, address), language = coalesce(:language, language),
  dialect = coalesce(:dialect, dialect), hearing = coalesce(:hearing, hearing), best_time = coalesce(:best_time, best_time),
  education = coalesce(:education, education), occupation = coalesce(:occupation, occupation),
  department = coalesce(:department, department), doctor = coalesce(:doctor, doctor), deceased_day = coalesce(:deceased_day, deceased_day),
  source = coalesce(:source, source)
WHERE stream = :stream;
-- before phones
DELETE FROM v_phone WHERE stream = :stream;
-- each phones
INSERT INTO v_phone VALUES (:stream, :n, :i_number, :i_relation, :i_name, :i_consent, coalesce(:i_retired, 0))
ON CONFLICT (stream, n) DO NOTHING;
-- each identifiers
INSERT INTO v_identifier VALUES (:stream, :i_system, :i_value) ON CONFLICT (stream, system, value) DO NOTHING;
