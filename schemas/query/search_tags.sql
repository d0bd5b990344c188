SELECT stream, tag FROM v_tag WHERE stream > :after ORDER BY stream, tag;
