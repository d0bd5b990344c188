UPDATE v_seat SET until_pos = :pos WHERE stream = :stream AND seat = :b_seat AND until_pos IS NULL;
