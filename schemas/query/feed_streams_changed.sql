-- Patients that a seat reads whose grant, or whose person's, was given, changed
-- or taken at this place.
SELECT DISTINCT f.stream FROM v_seat s JOIN v_member m ON m.stream = s.stream AND m.member = s.member
JOIN feed_stream f ON f.seat = s.seat
WHERE s.stream = :roster AND :pos IN (s.from_pos, s.until_pos, m.from_pos, m.until_pos) ORDER BY f.stream;
