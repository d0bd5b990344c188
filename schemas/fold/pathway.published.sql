INSERT INTO v_content VALUES (:stream, 'pathway', :id, :version, :part, :parts, :title_zh, :title_en, :hash, :text, :at_s, :lamport)
ON CONFLICT (stream, version, part) DO NOTHING;
