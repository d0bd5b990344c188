INSERT INTO quarantine (file, place, reason, detail, original, at_s)
SELECT :file, :place, :reason, :detail, :original, :at_s
WHERE NOT EXISTS (SELECT 1 FROM quarantine WHERE file = :file AND place = :place AND reason = :reason AND detail = :detail);
