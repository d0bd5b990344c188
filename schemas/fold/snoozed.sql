INSERT INTO v_snooze VALUES (:stream, :until_s, :reason, :note, 1, :ref)
ON CONFLICT (stream) DO UPDATE SET until_s = excluded.until_s, reason = excluded.reason, note = excluded.note, times = times + 1, ref = excluded.ref;
