SELECT name, name_en, zone_s, lease_s, duty_phone, grant_s, quiet, contact_cap FROM v_setting WHERE stream = :roster;
