-- Branches that were released to a seat.
SELECT seat, hash FROM v_branch_release WHERE stream = :roster AND to_seat = :to AND pos IS NOT NULL ORDER BY pos, seat, hash;
