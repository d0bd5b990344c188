SELECT hash FROM tree WHERE level = :level AND idx = :idx;
