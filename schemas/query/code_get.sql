-- A one-time code by its ticket, with the key of who issued it.
SELECT c.member, c.role, c.terminal, c.until_s, c.used, s.dh_key, s.until_pos
FROM v_code c LEFT JOIN v_seat s ON s.stream = c.stream AND s.seat = c.issuer
WHERE c.stream = :roster AND c.ticket = :ticket;
