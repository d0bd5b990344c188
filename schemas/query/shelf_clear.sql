DELETE FROM shelf WHERE slot = :slot;
