CREATE TABLE orders (
  id text PRIMARY KEY,
  deal_id text NOT NULL,
  option_id text NOT NULL,
  merchant_id text NOT NULL,
  account_id text NOT NULL,
  quantity bigint NOT NULL CHECK (quantity > 0),
  unit_price bigint NOT NULL CHECK (unit_price > 0),
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL CHECK (currency = 'KRW'),
  state text NOT NULL CHECK (state IN ('held', 'paid', 'lapsed', 'cancelled', 'refunded')),
  hold_until bigint NOT NULL,
  page_opened boolean NOT NULL DEFAULT FALSE,
  place_key text NOT NULL,
  place_hash text NOT NULL,
  refunded_units bigint NOT NULL DEFAULT 0 CHECK (refunded_units BETWEEN 0 AND quantity),
  refunded_won bigint NOT NULL DEFAULT 0 CHECK (refunded_won BETWEEN 0 AND amount),
  terms_version bigint NOT NULL,
  policy_id text NOT NULL,
  created_at bigint NOT NULL,
  paid_at bigint,
  ended_at bigint,
  version bigint NOT NULL
);
CREATE INDEX orders_account ON orders (account_id, id);
CREATE INDEX orders_deal ON orders (deal_id, id);
CREATE INDEX orders_held ON orders (hold_until) WHERE state = 'held';
CREATE UNIQUE INDEX orders_place_key ON orders (place_key, account_id);

CREATE TABLE order_limit (
  id text PRIMARY KEY,
  deal_id text NOT NULL,
  account_id text NOT NULL,
  per_person bigint NOT NULL,
  held_units bigint NOT NULL CHECK (held_units >= 0),
  paid_units bigint NOT NULL CHECK (paid_units >= 0),
  lapses bigint NOT NULL DEFAULT 0,
  paused_until bigint NOT NULL DEFAULT 0,
  CHECK (held_units + paid_units <= per_person)
);
