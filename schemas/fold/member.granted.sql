INSERT INTO v_member (stream, member, name, name_en, role, team, dialects, phone, from_s, until_s, from_pos, queues)
VALUES (:stream, :member, :name, :name_en, :role, :team, :dialects, :phone, :from_s, :until_s, :pos, :queues)
ON CONFLICT (stream, member) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, role = excluded.role,
  team = excluded.team, dialects = excluded.dialects, phone = excluded.phone, from_s = excluded.from_s, until_s = excluded.until_s,
  from_pos = excluded.from_pos, until_pos = NULL,
  queues = excluded.queues;
