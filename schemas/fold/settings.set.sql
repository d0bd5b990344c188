INSERT INTO v_setting (stream, name, name_en, zone_s, lease_s, duty_phone, grant_s, quiet, contact_cap)
VALUES (:stream, :name, :name_en, :zone_s, :lease_s, :duty_phone, :grant_s, :quiet, :contact_cap)
ON CONFLICT (stream) DO UPDATE SET name = coalesce(excluded.name, name), name_en = coalesce(excluded.name_en, name_en),
  zone_s = coalesce(excluded.zone_s, zone_s), lease_s = coalesce(excluded.lease_s, lease_s),
  duty_phone = coalesce(excluded.duty_phone, duty_phone), grant_s = coalesce(excluded.grant_s, grant_s),
  quiet = coalesce(excluded.quiet, quiet), contact_cap = coalesce(excluded.contact_cap, contact_cap);
