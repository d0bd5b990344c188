-- What the words of the note stood for, as the agent said in the same save.
SELECT n.tag FROM v_note n WHERE n.stream = :stream AND n.tag IS NOT NULL
AND substr(n.ref, 1, length(:save)) = :save ORDER BY n.ref LIMIT 16;
