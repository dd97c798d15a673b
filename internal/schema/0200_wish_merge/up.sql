CREATE TABLE merger (
  id text PRIMARY KEY,
  from_id text NOT NULL,
  into_id text NOT NULL,
  asked_by text NOT NULL,
  state text NOT NULL CHECK (state IN ('asked', 'taken_back', 'refused', 'lapsed', 'agreed')),
  at bigint NOT NULL,
  until_at bigint NOT NULL,
  ended_at bigint,
  ended_by text NOT NULL DEFAULT '',
  CHECK (from_id <> into_id),
  CHECK ((state = 'asked') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX merger_open ON merger (from_id) WHERE state = 'asked';
CREATE UNIQUE INDEX merger_agreed ON merger (from_id) WHERE state = 'agreed';
CREATE INDEX merger_into ON merger (into_id) WHERE state = 'asked';

CREATE TABLE merger_answer (
  from_id text NOT NULL,
  account_id text NOT NULL,
  answer text NOT NULL CHECK (answer IN ('yes', 'no')),
  at bigint NOT NULL,
  PRIMARY KEY (from_id, account_id)
);
