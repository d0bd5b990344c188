-- What the centre holds back of a seat, and nobody has released.
SELECT count(*) FROM entry e WHERE e.verdict >= 3 AND e.seat = :seat AND NOT EXISTS (SELECT 1 FROM v_released x
  WHERE x.stream = e.stream AND x.entry = lower(hex(e.seat)) || '-' || e.seq || '-' || e.idx);
