-- Of the sampled contacts of the period (their records' hashes begin below the
-- limit, the rule of feed_entitled too) those with the smallest hashes, so many
-- of each agent of the team: nobody can choose them, anybody can find them
-- again.
SELECT stream, ref, at_s, member, agent, agent_en, name, name_en, disposition, seconds, recording, hash, rank,
  (SELECT v.total FROM v_review v WHERE v.stream = w.stream AND v.contact = w.ref ORDER BY v.at_s DESC, length(v.ref) DESC, v.ref DESC LIMIT 1),
  (SELECT v.best FROM v_review v WHERE v.stream = w.stream AND v.contact = w.ref ORDER BY v.at_s DESC, length(v.ref) DESC, v.ref DESC LIMIT 1),
  (SELECT v.passed FROM v_review v WHERE v.stream = w.stream AND v.contact = w.ref ORDER BY v.at_s DESC, length(v.ref) DESC, v.ref DESC LIMIT 1)
FROM (SELECT c.stream, c.ref, c.at_s, s.member, coalesce(m.name, s.member) AS agent, coalesce(m.name_en, '') AS agent_en,
    coalesce(q.name, '') AS name, coalesce(nullif(q.name_en, ''), q.pinyin, '') AS name_en, c.disposition, c.ended_s - c.started_s AS seconds,
    coalesce(c.recording, '') AS recording, r.hash,
    row_number() OVER (PARTITION BY s.member ORDER BY r.hash, c.ref) AS rank
  FROM v_contact c JOIN v_seat s ON s.seat = c.seat JOIN v_team_member t ON t.member = s.member AND t.stream = :team
    LEFT JOIN v_member m ON m.member = s.member LEFT JOIN v_patient q ON q.stream = c.stream
    JOIN record r ON r.seat = c.seat
      AND r.seq = CAST(substr(c.ref, 34, instr(substr(c.ref, 34), '-') - 1) AS INTEGER)
  WHERE c.at_s >= :from_s AND c.at_s < :until_s AND c.reached = 1
    AND substr(r.hash, 1, 1) < :sampled) w
WHERE rank <= :most ORDER BY member, rank LIMIT :max;
