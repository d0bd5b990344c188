SELECT text FROM v_content WHERE stream = :stream AND version = :version ORDER BY part;
