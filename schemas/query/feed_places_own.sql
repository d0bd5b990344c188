SELECT pos FROM record WHERE seat = :seat AND pos >= :size ORDER BY pos;
