INSERT INTO v_code (stream, ticket, member, role, terminal, until_s, issuer)
VALUES (:stream, :ticket, :member, :role, :terminal, :until_s, :seat)
ON CONFLICT (stream, ticket) DO NOTHING;
