-- Own records without a receipt, and what they take here in bytes.
SELECT count(*), coalesce(sum(length(frame) + length(boxes)), 0) FROM record WHERE seat = :seat
AND seq > coalesce((SELECT seq FROM record WHERE seat = :seat AND state = 1 ORDER BY seq DESC LIMIT 1), 0);
