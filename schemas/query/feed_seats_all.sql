SELECT seat FROM v_seat WHERE stream = :roster AND until_pos IS NULL ORDER BY seat;
