SELECT s.seat FROM v_seat s JOIN v_member m ON m.stream = s.stream AND m.member = s.member
WHERE s.stream = :roster AND s.until_pos IS NULL AND m.team = :team ORDER BY s.seat;
