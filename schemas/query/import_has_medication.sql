SELECT 1 FROM v_medication WHERE stream = :stream AND text = :text AND day IS :at LIMIT 1;
