CREATE TABLE merchant_verify (
  merchant_id text PRIMARY KEY,
  number text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'verified', 'refused')),
  result text NOT NULL CHECK (result IN ('', 'normal', 'suspended', 'closed', 'unknown')),
  source text NOT NULL,
  checked_at bigint,
  ask_at bigint,
  asks bigint NOT NULL,
  version bigint NOT NULL,
  CHECK ((state = 'waiting') = (result = '')),
  CHECK ((state = 'verified') = (result = 'normal')),
  CHECK ((result = '') = (checked_at IS NULL))
);
CREATE INDEX merchant_verify_ask ON merchant_verify (ask_at, merchant_id) WHERE ask_at IS NOT NULL;

CREATE TABLE merchant_check (
  id text PRIMARY KEY,
  merchant_id text NOT NULL,
  number text NOT NULL,
  result text NOT NULL CHECK (result IN ('normal', 'suspended', 'closed', 'unknown', 'down')),
  source text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX merchant_check_merchant ON merchant_check (merchant_id, id);
