UPDATE v_cover SET ended = 1 WHERE stream = :stream AND ref = :cover;
