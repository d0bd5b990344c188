SELECT stream, name FROM v_team ORDER BY name, stream;
