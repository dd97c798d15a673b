CREATE TABLE payment (
  id text PRIMARY KEY,
  order_id text NOT NULL,
  deal_id text NOT NULL,
  account_id text NOT NULL,
  gateway text NOT NULL,
  checkout_key text NOT NULL DEFAULT '',
  checkout_url text NOT NULL DEFAULT '',
  payment_key text,
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL CHECK (currency = 'KRW'),
  state text NOT NULL CHECK (state IN ('intent', 'confirming', 'captured', 'declined', 'expired')),
  refundable bigint NOT NULL DEFAULT 0 CHECK (refundable >= 0),
  outcome_code text NOT NULL DEFAULT '',
  created_at bigint NOT NULL,
  captured_at bigint,
  version bigint NOT NULL,
  CHECK (refundable <= amount)
);
CREATE UNIQUE INDEX payment_key_once ON payment (gateway, payment_key) WHERE payment_key IS NOT NULL;
CREATE INDEX payment_order ON payment (order_id, id);
CREATE INDEX payment_open ON payment (created_at) WHERE state = 'confirming';

CREATE TABLE payment_webhook (
  id text PRIMARY KEY,
  gateway text NOT NULL,
  kind text NOT NULL,
  payment_key text NOT NULL,
  order_id text NOT NULL,
  body bytea NOT NULL,
  received_at bigint NOT NULL,
  handled_at bigint
);

CREATE TABLE refund (
  id text PRIMARY KEY,
  order_id text NOT NULL,
  payment_id text NOT NULL,
  deal_id text NOT NULL,
  account_id text NOT NULL,
  subject text NOT NULL,
  units bigint NOT NULL CHECK (units >= 0),
  amount bigint NOT NULL CHECK (amount > 0),
  interest bigint NOT NULL DEFAULT 0 CHECK (interest >= 0),
  cause text NOT NULL,
  state text NOT NULL CHECK (state IN ('decided', 'sent', 'accepted', 'settled', 'stuck')),
  requested_at bigint NOT NULL,
  due_at bigint NOT NULL,
  accepted_at bigint,
  settled_at bigint,
  transaction_key text,
  attempts bigint NOT NULL DEFAULT 0,
  last_error text NOT NULL DEFAULT '',
  version bigint NOT NULL
);
CREATE UNIQUE INDEX refund_subject ON refund (order_id, subject);
CREATE INDEX refund_open ON refund (due_at) WHERE state IN ('decided', 'sent', 'stuck');
CREATE INDEX refund_payment ON refund (payment_id);
CREATE UNIQUE INDEX refund_transaction ON refund (transaction_key) WHERE transaction_key IS NOT NULL;

CREATE TABLE payment_settlement (
  id text PRIMARY KEY,
  gateway text NOT NULL,
  transaction_key text NOT NULL,
  payment_key text NOT NULL,
  order_id text NOT NULL,
  gross bigint NOT NULL,
  fee bigint NOT NULL,
  fee_vat bigint NOT NULL,
  net bigint NOT NULL,
  sold_day text NOT NULL,
  paid_day text NOT NULL,
  class text NOT NULL CHECK (class IN ('matched', 'missing_here', 'missing_there', 'amount_differs')),
  resolved_at bigint,
  note text NOT NULL DEFAULT '',
  seen_at bigint NOT NULL
);
CREATE UNIQUE INDEX payment_settlement_transaction ON payment_settlement (gateway, transaction_key);
CREATE INDEX payment_settlement_open ON payment_settlement (seen_at) WHERE class <> 'matched' AND resolved_at IS NULL;
