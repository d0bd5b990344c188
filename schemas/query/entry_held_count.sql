SELECT count(*) FROM entry WHERE verdict >= 3;
