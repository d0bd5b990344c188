-- Loops closed since, loops that were open at any time since, and the median of the seconds that those closed took from the alert to the close.
WITH c AS (SELECT closed_s - at_s AS took FROM v_alert WHERE closed_s >= :from_s AND withdrawn_s IS NULL AND (:owner IS NULL OR owner = :owner))
SELECT (SELECT count(*) FROM c),
  (SELECT count(*) FROM v_alert WHERE closed_s IS NULL AND withdrawn_s IS NULL AND (:owner IS NULL OR owner = :owner)),
  coalesce((SELECT took FROM c ORDER BY took LIMIT 1 OFFSET (SELECT max(count(*) - 1, 0) / 2 FROM c)), 0);
