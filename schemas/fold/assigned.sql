UPDATE v_assign_span SET until_pos = coalesce(:pos, 9007199254740991) WHERE stream = :stream AND patient = :patient AND until_pos IS NULL;
INSERT INTO v_assign_span VALUES (:stream, :patient, :ref, :member, :pos, NULL, :at_s, :seat, :reason, :prior)
ON CONFLICT (stream, patient, ref) DO NOTHING;
INSERT INTO v_assign VALUES (:stream, :patient, :member, :ref, :seat, :at_s, :pos, :reason, :prior)
ON CONFLICT (stream, patient) DO UPDATE SET member = excluded.member, ref = excluded.ref, seat = excluded.seat,
  since_s = excluded.since_s, pos = excluded.pos, reason = excluded.reason, prior = excluded.prior;
