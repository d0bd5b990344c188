-- Who came with a code and waits for the grant.
SELECT c.ticket, c.member, c.role, c.terminal, c.seat, c.sign_key, c.dh_key, c.handshake, c.issuer
FROM v_code c
WHERE c.stream = :roster AND c.used = 1 AND c.sign_key IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM v_seat s WHERE s.stream = c.stream AND s.seat = c.seat)
ORDER BY c.until_s, c.ticket;
