UPDATE v_member SET until_pos = :pos WHERE stream = :stream AND member = :member;
