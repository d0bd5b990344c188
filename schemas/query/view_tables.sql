SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'v\_%' ESCAPE '\' ORDER BY name;
