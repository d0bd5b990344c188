UPDATE v_erasure SET approver = :seat, approved_pos = :pos WHERE stream = :stream AND request = :request
  AND approver IS NULL AND legal_hold = 0;
