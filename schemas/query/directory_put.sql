INSERT INTO directory (phone, stream, name) VALUES (:phone, :stream, :name)
ON CONFLICT (phone, stream) DO UPDATE SET name = excluded.name;
