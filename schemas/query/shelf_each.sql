SELECT name, value, at_s FROM shelf WHERE slot = :slot ORDER BY n;
