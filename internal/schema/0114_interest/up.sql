CREATE TABLE interest (
  id text PRIMARY KEY,
  refund_id text NOT NULL,
  order_id text NOT NULL,
  deal_id text NOT NULL,
  merchant_id text NOT NULL,
  account_id text NOT NULL,
  policy_id text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  state text NOT NULL CHECK (state IN ('asked', 'due', 'sent', 'paid')),
  bank_code text NOT NULL DEFAULT '',
  bank_account text NOT NULL DEFAULT '',
  bank_holder text NOT NULL DEFAULT '',
  attempt bigint NOT NULL DEFAULT 1,
  owed_at bigint NOT NULL,
  told_at bigint,
  sent_at bigint,
  paid_at bigint,
  last_error text NOT NULL DEFAULT '',
  version bigint NOT NULL,
  CHECK (state = 'asked' OR bank_account <> '')
);
CREATE UNIQUE INDEX interest_refund ON interest (refund_id);
CREATE INDEX interest_account ON interest (account_id, id);
CREATE INDEX interest_order ON interest (order_id);
CREATE INDEX interest_untold ON interest (id) WHERE state = 'asked' AND told_at IS NULL;
CREATE INDEX interest_sent ON interest (sent_at) WHERE state = 'sent';
INSERT INTO interest (id, refund_id, order_id, deal_id, merchant_id, account_id, policy_id, amount, state, owed_at,
  version)
  SELECT 'itr_' || substr(f.id, 5), f.id, f.order_id, f.deal_id, o.merchant_id, f.account_id, o.policy_id, f.interest,
    'asked', coalesce(f.accepted_at, f.requested_at), 1
  FROM refund f JOIN orders o ON o.id = f.order_id WHERE f.interest > 0 AND f.state IN ('accepted', 'settled');
ALTER TABLE payout ADD COLUMN held_for text NOT NULL DEFAULT '';
