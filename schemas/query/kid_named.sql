SELECT 1 FROM entry WHERE stream = :stream AND kid = :kid LIMIT 1;
