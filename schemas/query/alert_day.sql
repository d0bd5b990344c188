-- Mine is what I own, and what nobody owns in a department of mine.
-- Loops closed since, loops that were open at any time since, and the median of the seconds that those closed took from the alert to the close.
WITH c AS (SELECT closed_s - at_s AS took FROM v_alert WHERE closed_s >= :from_s AND withdrawn_s IS NULL AND (:owner IS NULL OR owner = :owner OR (owner IS NULL AND EXISTS (SELECT 1 FROM v_member q
    WHERE q.member = :owner AND instr(',' || q.queues || ',', ',' || queue || ',')))))
SELECT (SELECT count(*) FROM c),
  (SELECT count(*) FROM v_alert WHERE closed_s IS NULL AND withdrawn_s IS NULL AND (:owner IS NULL OR owner = :owner OR (owner IS NULL AND EXISTS (SELECT 1 FROM v_member q
    WHERE q.member = :owner AND instr(',' || q.queues || ',', ',' || queue || ','))))),
  coalesce((SELECT took FROM c ORDER BY took LIMIT 1 OFFSET (SELECT max(count(*) - 1, 0) / 2 FROM c)), 0);
