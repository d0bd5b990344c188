DELETE FROM witness WHERE pos < :size;
