-- Seats whose grant, or whose person's grant, was given at this place.
SELECT s.seat FROM v_seat s JOIN v_member m ON m.stream = s.stream AND m.member = s.member
WHERE s.stream = :roster AND s.until_pos IS NULL AND (s.from_pos = :pos OR m.from_pos = :pos) ORDER BY s.seat;
