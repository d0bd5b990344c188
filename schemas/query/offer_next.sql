SELECT seat, seq, pos FROM record WHERE pos > :after AND pos >= 1099511627776 ORDER BY pos LIMIT :most;
