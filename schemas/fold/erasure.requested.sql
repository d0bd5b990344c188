-- each streams
INSERT INTO v_erasure (stream, request, target, requester, reason, legal_hold)
VALUES (:stream, :ref, :i_stream, :seat, :reason, :legal_hold)
ON CONFLICT (stream, request, target) DO NOTHING;
