-- What each correction of a contact replaced (0) and with what (1); the columns up to the script as past_answers.sql has them.
WITH gone AS (SELECT * FROM v_answer_was WHERE stream = :stream AND ref = :ref),
  side AS (SELECT replaced AS by, 0 AS is_new, link, n, type, code, text, int, scale, unit, script FROM gone
    UNION ALL SELECT amended, 1, link, n, type, code, text, int, scale, unit, script FROM gone WHERE amended IS NOT NULL
    UNION ALL SELECT amended, 1, link, n, type, code, text, int, scale, unit, script FROM v_answer
      WHERE stream = :stream AND ref = :ref AND amended IS NOT NULL)
SELECT coalesce(x.link, ''), coalesce(x.type, ''), coalesce(x.code, ''), coalesce(x.text, ''), x.int, coalesce(x.scale, 0), coalesce(x.unit, ''),
  coalesce(x.script, ''), coalesce(x.is_new, 0), a.ref, a.at_s, coalesce(s.member, ''), coalesce(a.reason, '')
FROM v_amend a LEFT JOIN side x ON x.by = a.ref LEFT JOIN v_seat s ON s.seat = a.seat
WHERE a.stream = :stream AND a.contact = :ref ORDER BY a.lamport, a.ref, x.script, x.link, x.is_new, x.n;
