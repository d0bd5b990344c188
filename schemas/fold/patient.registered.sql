INSERT INTO v_patient VALUES (:stream, :name, :name_en, :pinyin, :initials, :sex, :birth_day, :id_no, :address, :language, :dialect,
  :hearing, :best_time, :education, :occupation, :department, :doctor, :deceased_day, :source, :at_s, :seat)
ON CONFLICT (stream) DO NOTHING;
-- each phones
INSERT INTO v_phone VALUES (:stream, :n, :i_number, :i_relation, :i_name, :i_consent, coalesce(:i_retired, 0))
ON CONFLICT (stream, n) DO NOTHING;
-- each identifiers
INSERT INTO v_identifier VALUES (:stream, :i_system, :i_value) ON CONFLICT (stream, system, value) DO NOTHING;
