-- The newest version of each; the first part stands for all.
SELECT c.stream, c.kind, c.id, c.version, c.title_zh, c.title_en, c.hash, c.at_s, c.parts
FROM v_content c WHERE c.part = 1 AND NOT EXISTS (SELECT 1 FROM v_content n WHERE n.stream = c.stream AND n.part = 1
  AND (n.lamport, n.version) > (c.lamport, c.version))
ORDER BY c.kind, c.id LIMIT :max;
