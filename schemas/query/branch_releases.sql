-- Newest first.
SELECT seat, hash, to_seat FROM v_branch_release WHERE stream = :roster ORDER BY pos IS NOT NULL, pos DESC, seat, hash;
