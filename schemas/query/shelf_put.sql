INSERT INTO shelf (slot, n, name, value, at_s)
VALUES (:slot, (SELECT coalesce(max(n), 0) + 1 FROM shelf WHERE slot = :slot), :name, :value, :at_s);
