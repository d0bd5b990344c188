SELECT stream, trim(tag || ' ' || coalesce(name_zh, '') || ' ' || coalesce(name_en, '')) FROM v_tag
WHERE stream > :after AND (until_day IS NULL OR until_day >= :today) ORDER BY stream, tag;
