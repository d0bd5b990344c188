SELECT coalesce(zone_s, 28800), coalesce(duty_phone, '') FROM v_setting LIMIT 1;
