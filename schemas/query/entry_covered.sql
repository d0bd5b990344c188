-- Own sealed entries of patients who were withdrawn, in a part of the order.
SELECT e.seat, e.seq, e.idx FROM entry e WHERE e.seat = :me AND e.mode <> 'C' AND e.pos >= :from AND e.pos < :size
  AND EXISTS (SELECT 1 FROM stream_key k WHERE k.stream = e.stream)
  AND NOT EXISTS (SELECT 1 FROM stream_key k WHERE k.stream = e.stream AND k.key IS NOT NULL)
ORDER BY e.seq, e.idx;
