SELECT size, note FROM checkpoint WHERE size > :after AND size <= :most ORDER BY size LIMIT 1;
