SELECT seat, seq, idx FROM entry WHERE stream = :stream AND mode <> 'C' AND (seat <> :me OR pos < :backed) ORDER BY seat, seq, idx;
