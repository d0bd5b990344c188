SELECT stream, kind, id, version, title_zh, title_en, hash, at_s, parts FROM v_content
WHERE kind = :kind AND id = :id AND part = 1 ORDER BY lamport DESC, version DESC LIMIT :max;
