CREATE TABLE bid_deposit (
  id text PRIMARY KEY,
  wish_id text NOT NULL,
  merchant_id text NOT NULL,
  account_id text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  state text NOT NULL CHECK (state IN ('open', 'gone', 'held', 'returned', 'kept')),
  cause text NOT NULL DEFAULT '',
  policy_id text NOT NULL,
  shared bigint NOT NULL DEFAULT 0 CHECK (shared >= 0),
  created_at bigint NOT NULL,
  paid_at bigint,
  ended_at bigint,
  version bigint NOT NULL,
  CHECK (shared = 0 OR state = 'kept' AND shared <= amount),
  CHECK ((paid_at IS NOT NULL) = (state IN ('held', 'returned', 'kept'))),
  CHECK ((ended_at IS NOT NULL) = (state IN ('returned', 'kept'))),
  CHECK ((cause <> '') = (state IN ('returned', 'kept')))
);
CREATE UNIQUE INDEX bid_deposit_open ON bid_deposit (wish_id, merchant_id) WHERE state = 'open';
CREATE INDEX bid_deposit_seller ON bid_deposit (wish_id, merchant_id, id);
CREATE INDEX bid_deposit_held ON bid_deposit (id) WHERE state = 'held';
