-- view.sql - every view table. Written by fold alone, dropped and rebuilt from
-- the log at any time. Each table begins with the stream its rows belong to,
-- so that one stream can be folded again by itself. seat, stream, patient and
-- team are 16-byte blobs; ref is "<seat>-<seq>-<index>" of the entry a row
-- comes from; late is 1 where the verdict was late; pos is NULL until the
-- centre has given the record its place.
--
-- Every page that a save touches is sealed and written, so an index must earn
-- its page. Wider ones (v_due_day, v_assign_patient) spare the list a look at
-- the row; partial ones hold the few rows that matter and cost the others
-- nothing.

-- roster stream
CREATE TABLE v_statement (stream BLOB, ref TEXT, what TEXT, text TEXT, signature TEXT,
  PRIMARY KEY (stream, ref)) WITHOUT ROWID;
CREATE TABLE v_member (stream BLOB, member TEXT, name TEXT, name_en TEXT, role TEXT, team BLOB,
  dialects TEXT, phone TEXT, from_s INTEGER, until_s INTEGER, from_pos INTEGER, until_pos INTEGER, queues TEXT,
  PRIMARY KEY (stream, member)) WITHOUT ROWID;
CREATE TABLE v_seat (stream BLOB, seat BLOB, sign_key TEXT, dh_key TEXT, member TEXT, ordinal INTEGER,
  terminal TEXT, from_s INTEGER, until_s INTEGER, from_pos INTEGER, until_pos INTEGER,
  PRIMARY KEY (stream, seat)) WITHOUT ROWID;
CREATE INDEX v_seat_member ON v_seat (member);
CREATE TABLE v_code (stream BLOB, ticket TEXT, member TEXT, role TEXT, terminal TEXT, until_s INTEGER,
  issuer BLOB, used INTEGER NOT NULL DEFAULT 0, seat BLOB, sign_key TEXT, dh_key TEXT,
  handshake TEXT, PRIMARY KEY (stream, ticket)) WITHOUT ROWID;
CREATE TABLE v_setting (stream BLOB, name TEXT, name_en TEXT, zone_s INTEGER, lease_s INTEGER,
  duty_phone TEXT, grant_s INTEGER, quiet TEXT, contact_cap INTEGER, PRIMARY KEY (stream)) WITHOUT ROWID;
CREATE TABLE v_erasure (stream BLOB, request TEXT, target BLOB, requester BLOB, approver BLOB, approved_pos INTEGER,
  reason TEXT, legal_hold INTEGER, PRIMARY KEY (stream, request, target)) WITHOUT ROWID;
-- A branch of a seat, by its newest record, for the person's new seat; and
-- what that one has said again: the record it became, entry by entry.
CREATE TABLE v_branch_release (stream BLOB, seat BLOB, hash TEXT, to_seat BLOB, ref TEXT, by_seat BLOB, pos INTEGER,
  PRIMARY KEY (stream, seat, hash, to_seat)) WITHOUT ROWID;
CREATE TABLE v_branch (stream BLOB, seat BLOB, hash TEXT, seq INTEGER, by_seat BLOB, by_seq INTEGER, skipped INTEGER,
  PRIMARY KEY (stream, seat, hash)) WITHOUT ROWID;
CREATE INDEX v_branch_by ON v_branch (by_seat, by_seq);
CREATE TABLE v_branch_entry (stream BLOB, seat BLOB, hash TEXT, seq INTEGER, idx INTEGER, by_seat BLOB, by_seq INTEGER, n INTEGER,
  PRIMARY KEY (stream, seat, hash, idx)) WITHOUT ROWID;

-- team streams
CREATE TABLE v_team (stream BLOB, name TEXT, name_en TEXT, department TEXT, PRIMARY KEY (stream)) WITHOUT ROWID;
CREATE TABLE v_team_member (stream BLOB, member TEXT, capacity INTEGER, active INTEGER, skills TEXT,
  PRIMARY KEY (stream, member)) WITHOUT ROWID;
CREATE TABLE v_assign (stream BLOB, patient BLOB, member TEXT, ref TEXT, seat BLOB, since_s INTEGER, pos INTEGER,
  reason TEXT, prior TEXT, PRIMARY KEY (stream, patient)) WITHOUT ROWID;
CREATE INDEX v_assign_member ON v_assign (member, patient);
CREATE INDEX v_assign_patient ON v_assign (patient, member);
CREATE TABLE v_assign_span (stream BLOB, patient BLOB, ref TEXT, member TEXT, from_pos INTEGER, until_pos INTEGER,
  at_s INTEGER, seat BLOB, reason TEXT, prior TEXT, PRIMARY KEY (stream, patient, ref)) WITHOUT ROWID;
CREATE INDEX v_assign_span_patient ON v_assign_span (patient);
CREATE TABLE v_cover (stream BLOB, ref TEXT, member TEXT, by_member TEXT, from_day INTEGER, until_day INTEGER, ended INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (stream, ref)) WITHOUT ROWID;
CREATE TABLE v_purge (stream BLOB, patient BLOB, seat BLOB, assignment TEXT, at_s INTEGER,
  PRIMARY KEY (stream, patient, seat, assignment)) WITHOUT ROWID;
CREATE TABLE v_count (stream BLOB, member TEXT, day INTEGER, ref TEXT, calls INTEGER, reached INTEGER, completed INTEGER, talk_s INTEGER,
  PRIMARY KEY (stream, member, day, ref)) WITHOUT ROWID;
CREATE TABLE v_handover (stream BLOB, ref TEXT, seat BLOB, to_member TEXT, day INTEGER, unfinished INTEGER, promises INTEGER,
  alerts INTEGER, unsent INTEGER, accepted_s INTEGER, PRIMARY KEY (stream, ref)) WITHOUT ROWID;

-- patient streams
CREATE TABLE v_patient (stream BLOB, name TEXT, name_en TEXT, pinyin TEXT, initials TEXT, sex TEXT, birth_day INTEGER,
  id_no TEXT, address TEXT, language TEXT, dialect TEXT, hearing TEXT, best_time TEXT, education TEXT, occupation TEXT, department TEXT, doctor TEXT,
  deceased_day INTEGER, source TEXT, registered_s INTEGER, seat BLOB, PRIMARY KEY (stream)) WITHOUT ROWID;
CREATE INDEX v_patient_dead ON v_patient (stream) WHERE deceased_day IS NOT NULL;
CREATE TABLE v_phone (stream BLOB, n INTEGER, number TEXT, relation TEXT, name TEXT, consent INTEGER, retired INTEGER,
  PRIMARY KEY (stream, n)) WITHOUT ROWID;
CREATE INDEX v_phone_number ON v_phone (number);
CREATE TABLE v_identifier (stream BLOB, system TEXT, value TEXT, PRIMARY KEY (stream, system, value)) WITHOUT ROWID;
CREATE INDEX v_identifier_value ON v_identifier (value, system);
CREATE TABLE v_link (stream BLOB, other BLOB, linked INTEGER, ref TEXT, PRIMARY KEY (stream, other)) WITHOUT ROWID;
CREATE TABLE v_condition (stream BLOB, code TEXT, system TEXT, ref TEXT, text TEXT, onset_day INTEGER, resolved_day INTEGER,
  PRIMARY KEY (stream, system, code, ref)) WITHOUT ROWID;
CREATE TABLE v_procedure (stream BLOB, ref TEXT, n INTEGER, code TEXT, system TEXT, text TEXT, day INTEGER,
  PRIMARY KEY (stream, ref, n)) WITHOUT ROWID;
CREATE TABLE v_medication (stream BLOB, ref TEXT, n INTEGER, code TEXT, system TEXT, text TEXT, day INTEGER, dose TEXT, active INTEGER,
  PRIMARY KEY (stream, ref, n)) WITHOUT ROWID;
CREATE TABLE v_obs (stream BLOB, code TEXT, at_s INTEGER, ref TEXT, n INTEGER, value INTEGER, scale INTEGER, unit TEXT,
  source TEXT, text TEXT, PRIMARY KEY (stream, code, at_s, ref, n)) WITHOUT ROWID;
CREATE TABLE v_visit (stream BLOB, key TEXT, ref TEXT, class TEXT, text TEXT, department TEXT, from_s INTEGER, until_s INTEGER,
  PRIMARY KEY (stream, key, ref)) WITHOUT ROWID;
CREATE TABLE v_appointment (stream BLOB, ref TEXT, at_s INTEGER, department TEXT, state TEXT, note TEXT,
  PRIMARY KEY (stream, ref)) WITHOUT ROWID;
CREATE TABLE v_enrol (stream BLOB, pathway TEXT, version TEXT, anchor TEXT, anchor_day INTEGER, why_zh TEXT, why_en TEXT,
  since_s INTEGER, left_reason TEXT, PRIMARY KEY (stream, pathway)) WITHOUT ROWID;
CREATE TABLE v_due (stream BLOB, pathway TEXT, pathway_version TEXT, step TEXT, script TEXT, open_day INTEGER, due_day INTEGER,
  close_day INTEGER, minutes INTEGER, attempts INTEGER, not_before_s INTEGER, rule TEXT, rule_version TEXT, why_zh TEXT, why_en TEXT,
  inputs TEXT, ref TEXT,
  PRIMARY KEY (stream, pathway)) WITHOUT ROWID;
CREATE INDEX v_due_day ON v_due (due_day, stream, close_day, not_before_s);
CREATE TABLE v_contact (stream BLOB, ref TEXT, at_s INTEGER, seat BLOB, late INTEGER, script TEXT, script_version TEXT, script_hash TEXT,
  respondent TEXT, disposition TEXT, disposition_version INTEGER, reached INTEGER, completed INTEGER, stopped INTEGER, interrupted INTEGER,
  number_index INTEGER, started_s INTEGER, ended_s INTEGER, class TEXT, risk TEXT, note TEXT, recording TEXT, recording_hash TEXT, amended TEXT,
  PRIMARY KEY (stream, ref)) WITHOUT ROWID;
CREATE INDEX v_contact_at ON v_contact (at_s);
CREATE TABLE v_contact_script (stream BLOB, ref TEXT, n INTEGER, script TEXT, version TEXT, hash TEXT, PRIMARY KEY (stream, ref, n)) WITHOUT ROWID;
CREATE TABLE v_contact_step (stream BLOB, ref TEXT, pathway TEXT, step TEXT, PRIMARY KEY (stream, ref, pathway, step)) WITHOUT ROWID;
CREATE TABLE v_answer (stream BLOB, ref TEXT, link TEXT, n INTEGER, type TEXT, code TEXT, text TEXT, int INTEGER, scale INTEGER, unit TEXT,
  script TEXT, amended TEXT, PRIMARY KEY (stream, ref, link, n)) WITHOUT ROWID;
CREATE TABLE v_amend (stream BLOB, contact TEXT, lamport INTEGER, ref TEXT, at_s INTEGER, seat BLOB, reason TEXT,
  PRIMARY KEY (stream, contact, lamport, ref)) WITHOUT ROWID;
CREATE TABLE v_answer_was (stream BLOB, ref TEXT, link TEXT, n INTEGER, type TEXT, code TEXT, text TEXT, int INTEGER, scale INTEGER, unit TEXT,
  script TEXT, amended TEXT, replaced TEXT, PRIMARY KEY (stream, ref, link, n, replaced)) WITHOUT ROWID;
CREATE TABLE v_hit (stream BLOB, ref TEXT, n INTEGER, rule TEXT, version TEXT, level TEXT, inputs TEXT,
  PRIMARY KEY (stream, ref, n)) WITHOUT ROWID;
CREATE TABLE v_score (stream BLOB, ref TEXT, n INTEGER, score TEXT, version TEXT, code TEXT, at_s INTEGER, total INTEGER, band TEXT, inputs TEXT,
  PRIMARY KEY (stream, ref, n)) WITHOUT ROWID;
CREATE TABLE v_advice (stream BLOB, ref TEXT, n INTEGER, id TEXT, version TEXT, PRIMARY KEY (stream, ref, n)) WITHOUT ROWID;
CREATE TABLE v_callback (stream BLOB, ref TEXT, due_s INTEGER, owner TEXT, fallback TEXT, number_index INTEGER, who TEXT, note TEXT,
  result TEXT, contact TEXT, late INTEGER, PRIMARY KEY (stream, ref)) WITHOUT ROWID;
CREATE INDEX v_callback_due ON v_callback (due_s) WHERE result IS NULL;
CREATE TABLE v_snooze (stream BLOB, until_s INTEGER, reason TEXT, note TEXT, times INTEGER, ref TEXT, PRIMARY KEY (stream)) WITHOUT ROWID;
-- forwarded_s is set while who it was forwarded to has not yet acknowledged.
CREATE TABLE v_alert (stream BLOB, ref TEXT, no TEXT, rule TEXT, version TEXT, level TEXT, text_zh TEXT, text_en TEXT, queue TEXT, sla_s INTEGER,
  instruction_zh TEXT, instruction_en TEXT, link TEXT, value TEXT, at_s INTEGER, seat BLOB, late INTEGER, owner TEXT,
  told_s INTEGER, told_who TEXT, acked_s INTEGER, handled_s INTEGER, verified_s INTEGER, closed_s INTEGER, waiver TEXT, withdrawn_s INTEGER, escalated_s INTEGER,
  escalated_to TEXT, forwarded_s INTEGER, corrected_s INTEGER, PRIMARY KEY (stream, ref)) WITHOUT ROWID;
CREATE INDEX v_alert_open ON v_alert (closed_s, at_s);
CREATE TABLE v_alert_step (stream BLOB, alert TEXT, ref TEXT, what TEXT, at_s INTEGER, seat BLOB, text TEXT, lamport INTEGER, whom TEXT,
  PRIMARY KEY (stream, alert, lamport, ref)) WITHOUT ROWID;
CREATE TABLE v_note (stream BLOB, ref TEXT, at_s INTEGER, seat BLOB, late INTEGER, text TEXT, tag TEXT, PRIMARY KEY (stream, ref)) WITHOUT ROWID;
CREATE TABLE v_consent (stream BLOB, ref TEXT, what TEXT, given INTEGER, at_s INTEGER, seat BLOB, note TEXT, superseded INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (stream, ref)) WITHOUT ROWID;
CREATE TABLE v_tag (stream BLOB, tag TEXT, name_zh TEXT, name_en TEXT, why_zh TEXT, why_en TEXT, reason TEXT, rule TEXT, version TEXT, inputs TEXT,
  until_day INTEGER, ref TEXT, PRIMARY KEY (stream, tag)) WITHOUT ROWID;
-- rule is NULL where a person set the level.
CREATE TABLE v_risk (stream BLOB, level TEXT, reason TEXT, rule TEXT, version TEXT, why_zh TEXT, why_en TEXT, inputs TEXT, at_s INTEGER, seat BLOB,
  ref TEXT, PRIMARY KEY (stream)) WITHOUT ROWID;
CREATE INDEX v_risk_high ON v_risk (stream) WHERE level = 'high';
CREATE TABLE v_complaint (stream BLOB, ref TEXT, at_s INTEGER, seat BLOB, category TEXT, text TEXT, owner TEXT, due_day INTEGER, answer TEXT, answered_s INTEGER,
  PRIMARY KEY (stream, ref)) WITHOUT ROWID;
CREATE TABLE v_review (stream BLOB, ref TEXT, contact TEXT, seat BLOB, at_s INTEGER, card TEXT, version INTEGER, total INTEGER, best INTEGER, passed INTEGER,
  note TEXT, PRIMARY KEY (stream, ref)) WITHOUT ROWID;
CREATE TABLE v_review_item (stream BLOB, ref TEXT, n INTEGER, item TEXT, points INTEGER, PRIMARY KEY (stream, ref, n)) WITHOUT ROWID;
CREATE TABLE v_access (stream BLOB, ref TEXT, what TEXT, detail TEXT, at_s INTEGER, seat BLOB, PRIMARY KEY (stream, ref)) WITHOUT ROWID;

-- any stream
CREATE TABLE v_undone (stream BLOB, seat BLOB, seq INTEGER, ref TEXT, PRIMARY KEY (stream, seat, seq)) WITHOUT ROWID;

CREATE TABLE v_released (stream BLOB, entry TEXT, ref TEXT, at_s INTEGER, seat BLOB, reason TEXT, PRIMARY KEY (stream, entry)) WITHOUT ROWID;

-- content streams: one a script, pathway or set of rules
CREATE TABLE v_content (stream BLOB, kind TEXT, id TEXT, version TEXT, part INTEGER, parts INTEGER, title_zh TEXT, title_en TEXT, hash TEXT, text TEXT,
  at_s INTEGER, lamport INTEGER, PRIMARY KEY (stream, version, part)) WITHOUT ROWID;
