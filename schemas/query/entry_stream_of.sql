-- Which stream an entry is about, by its name; a person waits for it.
SELECT stream FROM entry WHERE seat = :seat AND seq = :seq AND idx = :idx LIMIT 1;
