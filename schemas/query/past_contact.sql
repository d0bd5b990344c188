-- One contact as it stands now; without a reference the last that asked.
SELECT c.ref, coalesce(c.script, ''), c.at_s, c.started_s, c.ended_s, c.disposition, coalesce(c.amended, ''), coalesce(c.script_version, ''),
  coalesce(c.respondent, ''), c.reached, c.completed, coalesce(c.note, ''), coalesce(c.number_index, 0), coalesce(c.recording, ''),
  coalesce(c.recording_hash, ''), coalesce(c.class, ''), c.late, coalesce(s.member, ''), coalesce(r.state, 1), coalesce(r.pos, -1),
  coalesce(c.interrupted, 0), coalesce(c.stopped, 0), x.at_s, coalesce(y.member, '')
FROM v_contact c LEFT JOIN v_seat s ON s.seat = c.seat
  LEFT JOIN record r ON r.seat = c.seat AND r.seq = CAST(substr(c.ref, 34) AS INTEGER)
  LEFT JOIN entry x ON x.stream = c.stream AND c.amended IS NOT NULL AND x.kind = 'contact.amended'
    AND lower(hex(x.seat)) || '-' || x.seq || '-' || x.idx = c.amended
  LEFT JOIN v_seat y ON y.seat = x.seat
WHERE c.stream = :stream AND (c.ref = :ref OR (:ref IS NULL AND c.script <> ''))
ORDER BY c.at_s DESC, c.ref DESC LIMIT 1;
