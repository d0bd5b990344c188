SELECT 1 FROM v_released WHERE stream = :stream AND entry = :ref;
