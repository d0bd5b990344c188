SELECT slot, min(at_s), count(*) FROM shelf WHERE substr(slot, 1, length(:prefix)) = :prefix GROUP BY slot ORDER BY min(at_s), slot;
