CREATE TABLE kit_limit (
  rule text NOT NULL,
  key text NOT NULL,
  ends_at bigint NOT NULL,
  used bigint NOT NULL CHECK (used > 0),
  PRIMARY KEY (rule, key)
);
CREATE INDEX kit_limit_ends ON kit_limit (ends_at);
