-- What could not be read, oldest first; :from pages.
SELECT id, at_s, file, place, reason, detail, original FROM quarantine WHERE id > :from ORDER BY id;
