SELECT seat FROM v_seat WHERE stream = :roster AND member = :member AND ordinal = :ordinal;
