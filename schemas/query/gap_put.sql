INSERT INTO gap (seat, head) VALUES (:seat, :head) ON CONFLICT (seat) DO UPDATE SET head = excluded.head;
