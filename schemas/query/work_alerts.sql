SELECT a.stream, min(a.handled_s) FROM v_alert a
JOIN v_assign s ON s.patient = a.stream
WHERE a.closed_s IS NULL AND a.withdrawn_s IS NULL AND a.handled_s IS NOT NULL AND a.verified_s IS NULL
  AND (s.member = :member OR s.member IN
    (SELECT c.member FROM v_cover c WHERE c.by_member = :member AND c.ended = 0 AND :today BETWEEN c.from_day AND c.until_day))
GROUP BY a.stream ORDER BY 2, 1 LIMIT :max;
