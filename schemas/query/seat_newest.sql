-- The newest seat of a member that is not revoked.
SELECT seat FROM v_seat WHERE stream = :roster AND member = :member AND until_pos IS NULL ORDER BY ordinal DESC LIMIT 1;
