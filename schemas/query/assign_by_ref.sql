SELECT patient FROM v_assign_span WHERE stream = :team AND ref = :ref;
