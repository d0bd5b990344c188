SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM record WHERE seat = :seat),
  (SELECT count(*) FROM record WHERE seat = :seat AND state = 0), (SELECT count(*) FROM entry WHERE verdict >= 3);
