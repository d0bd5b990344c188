-- Calls of two people with one patient within half a day, of the last days.
SELECT a.stream, coalesce(q.name, ''), coalesce(q.name_en, ''), a.at_s, coalesce(s.member, ''), a.disposition, coalesce(t.member, ''), b.disposition
FROM v_contact a JOIN v_contact b ON b.stream = a.stream AND b.at_s <= a.at_s AND b.at_s > a.at_s - 43200 AND b.seat <> a.seat
  LEFT JOIN v_patient q ON q.stream = a.stream LEFT JOIN v_seat s ON s.seat = a.seat LEFT JOIN v_seat t ON t.seat = b.seat
WHERE a.at_s >= :from_s ORDER BY a.at_s DESC LIMIT 20;
