UPDATE entry SET folded = :folded WHERE seat = :seat AND seq = :seq AND idx = :idx;
