INSERT INTO v_team VALUES (:stream, :name, :name_en, :department)
ON CONFLICT (stream) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, department = excluded.department;
