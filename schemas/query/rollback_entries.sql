UPDATE entry SET pos = pos + :base WHERE pos >= :size AND pos < 1099511627776;
