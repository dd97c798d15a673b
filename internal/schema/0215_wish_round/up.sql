ALTER TABLE wish ADD COLUMN round bigint NOT NULL DEFAULT 1;
ALTER TABLE wish ADD COLUMN pause_until bigint;

CREATE TABLE wish_round (
  wish_id text NOT NULL REFERENCES wish (id),
  round bigint NOT NULL CHECK (round > 0),
  threshold bigint NOT NULL CHECK (threshold > 0),
  firm bigint NOT NULL CHECK (firm >= 0),
  sellers bigint NOT NULL CHECK (sellers >= 0),
  reached_at bigint NOT NULL,
  ended_at bigint NOT NULL,
  outcome text NOT NULL CHECK (outcome <> ''),
  PRIMARY KEY (wish_id, round),
  CHECK (ended_at >= reached_at)
);
