-- What every seat of a team gets: roster, published content, the team's own.
SELECT DISTINCT e.pos FROM entry e WHERE e.pos IS NOT NULL AND (e.stream = :roster OR e.stream = :team
  OR e.kind IN ('script.published', 'pathway.published', 'rules.published')) ORDER BY e.pos;
