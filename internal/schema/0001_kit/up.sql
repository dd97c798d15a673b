CREATE TABLE kit_event (
  id text PRIMARY KEY,
  kind text NOT NULL,
  aggregate text NOT NULL,
  version bigint NOT NULL,
  payload text NOT NULL,
  at bigint NOT NULL,
  seq bigint
);
CREATE UNIQUE INDEX kit_event_seq ON kit_event (seq) WHERE seq IS NOT NULL;
CREATE INDEX kit_event_unnumbered ON kit_event (id) WHERE seq IS NULL;
CREATE INDEX kit_event_aggregate ON kit_event (aggregate, version);

CREATE TABLE kit_feed (
  name text PRIMARY KEY,
  seq bigint NOT NULL
);
INSERT INTO kit_feed (name, seq) VALUES ('events', 0);

CREATE TABLE kit_cursor (
  name text PRIMARY KEY,
  seq bigint NOT NULL,
  at bigint NOT NULL
);

CREATE TABLE kit_job (
  id text PRIMARY KEY,
  kind text NOT NULL,
  key text NOT NULL,
  payload text NOT NULL,
  due_at bigint NOT NULL,
  created_at bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('ready', 'done', 'stuck')),
  attempts bigint NOT NULL DEFAULT 0,
  lease_until bigint NOT NULL DEFAULT 0,
  lease_holder text NOT NULL DEFAULT '',
  last_error text NOT NULL DEFAULT '',
  finished_at bigint
);
CREATE UNIQUE INDEX kit_job_key ON kit_job (kind, key);
CREATE INDEX kit_job_due ON kit_job (due_at) WHERE state = 'ready';
CREATE INDEX kit_job_stuck ON kit_job (created_at) WHERE state = 'stuck';

CREATE TABLE kit_lease (
  name text PRIMARY KEY,
  holder text NOT NULL,
  until bigint NOT NULL,
  epoch bigint NOT NULL
);

CREATE TABLE kit_session (
  token text PRIMARY KEY,
  data bytea NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX kit_session_expires ON kit_session (expires_at);

CREATE TABLE kit_answer (
  actor text NOT NULL,
  step text NOT NULL,
  key text NOT NULL,
  hash text NOT NULL,
  answer text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (actor, step, key)
);
