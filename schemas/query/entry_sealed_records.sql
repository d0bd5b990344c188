SELECT DISTINCT seat, seq FROM entry WHERE stream = :stream AND mode <> 'C' ORDER BY seat, seq;
