SELECT stream, name FROM directory WHERE phone = :phone ORDER BY stream;
