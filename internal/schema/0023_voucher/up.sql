CREATE TABLE voucher (
  id text PRIMARY KEY,
  order_id text NOT NULL,
  deal_id text NOT NULL,
  option_id text NOT NULL,
  merchant_id text NOT NULL,
  account_id text NOT NULL,
  position bigint NOT NULL,
  price bigint NOT NULL CHECK (price > 0),
  commission bigint NOT NULL CHECK (commission >= 0),
  commission_vat bigint NOT NULL CHECK (commission_vat >= 0),
  units_total bigint NOT NULL CHECK (units_total > 0),
  units_used bigint NOT NULL DEFAULT 0 CHECK (units_used BETWEEN 0 AND units_total),
  state text NOT NULL CHECK (state IN ('issued', 'active', 'used', 'refund_pending', 'refunded', 'expired',
    'expiry_refunded', 'blocked')),
  face_hash text NOT NULL,
  code_hash text NOT NULL,
  branches text NOT NULL,
  use_rules text NOT NULL,
  terms_version bigint NOT NULL,
  refund_profile text NOT NULL,
  valid_days bigint NOT NULL,
  paid_at bigint NOT NULL,
  active_at bigint,
  valid_until bigint,
  ended_at bigint,
  refund_id text,
  version bigint NOT NULL
);
CREATE INDEX voucher_refund ON voucher (refund_id) WHERE refund_id IS NOT NULL;
CREATE UNIQUE INDEX voucher_face ON voucher (face_hash);
CREATE UNIQUE INDEX voucher_code ON voucher (code_hash);
CREATE UNIQUE INDEX voucher_order ON voucher (order_id, position);
CREATE INDEX voucher_account ON voucher (account_id, id);
CREATE INDEX voucher_issued ON voucher (deal_id, id) WHERE state = 'issued';
CREATE INDEX voucher_deal ON voucher (deal_id, state);
CREATE INDEX voucher_expiry ON voucher (valid_until) WHERE state = 'active';

CREATE TABLE redemption (
  id text PRIMARY KEY,
  voucher_id text NOT NULL REFERENCES voucher (id),
  order_id text NOT NULL,
  deal_id text NOT NULL,
  merchant_id text NOT NULL,
  branch_id text NOT NULL,
  account_id text NOT NULL,
  staff_id text NOT NULL,
  nonce text NOT NULL,
  nonce_hash text NOT NULL,
  units bigint NOT NULL CHECK (units > 0),
  first_use bigint NOT NULL CHECK (first_use > 0),
  price bigint NOT NULL CHECK (price >= 0),
  commission bigint NOT NULL CHECK (commission >= 0),
  commission_vat bigint NOT NULL CHECK (commission_vat >= 0),
  net bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('accepted', 'annulled')),
  at bigint NOT NULL,
  day text NOT NULL,
  annulled_at bigint,
  annulled_by text,
  annul_reason text NOT NULL DEFAULT '',
  statement_id text,
  version bigint NOT NULL,
  CHECK (price = commission + commission_vat + net)
);
CREATE UNIQUE INDEX redemption_nonce ON redemption (nonce, staff_id);
CREATE INDEX redemption_voucher ON redemption (voucher_id, id);
CREATE INDEX redemption_unstated ON redemption (merchant_id, day) WHERE statement_id IS NULL;
CREATE INDEX redemption_merchant ON redemption (merchant_id, id);
