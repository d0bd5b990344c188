DELETE FROM checkpoint WHERE size > :size;
