UPDATE v_consent SET superseded = 1 WHERE stream = :stream AND (ref = :supersedes OR (what = :what AND NOT (what = 'call' AND given = 0)));
INSERT INTO v_consent (stream, ref, what, given, at_s, seat, note) VALUES (:stream, :ref, :what, :given, :at_s, :seat, :note);
