SELECT pos, node_s FROM leaf ORDER BY pos DESC LIMIT 1;
