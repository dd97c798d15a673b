CREATE TABLE statement (
  id text PRIMARY KEY,
  merchant_id text NOT NULL,
  number bigint NOT NULL CHECK (number > 0),
  day text NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'issued', 'confirmed', 'paid')),
  lines bigint NOT NULL CHECK (lines >= 0),
  price bigint NOT NULL,
  commission bigint NOT NULL,
  commission_vat bigint NOT NULL,
  net bigint NOT NULL,
  apart bigint NOT NULL DEFAULT 0,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  payable_day text NOT NULL DEFAULT '',
  table_ended boolean NOT NULL DEFAULT FALSE,
  opened_at bigint NOT NULL,
  from_at bigint,
  issued_at bigint,
  object_until bigint,
  confirmed_at bigint,
  confirmed_by text NOT NULL DEFAULT '',
  payout_id text,
  version bigint NOT NULL,
  CHECK (net = price - commission - commission_vat),
  CHECK (last_seq = first_seq + lines - 1),
  CHECK ((state = 'draft') = (issued_at IS NULL))
);
CREATE UNIQUE INDEX statement_day ON statement (merchant_id, day) WHERE state <> 'draft';
CREATE UNIQUE INDEX statement_draft ON statement (merchant_id) WHERE state = 'draft';
CREATE UNIQUE INDEX statement_number ON statement (merchant_id, number);
CREATE INDEX statement_open ON statement (object_until, id) WHERE state = 'issued';
CREATE INDEX statement_unpaid ON statement (merchant_id, id) WHERE payout_id IS NULL;
CREATE INDEX statement_payout ON statement (payout_id) WHERE payout_id IS NOT NULL;

CREATE TABLE statement_line (
  id text PRIMARY KEY,
  statement_id text NOT NULL REFERENCES statement (id),
  merchant_id text NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('use', 'share', 'correction', 'carried', 'netted', 'compensation')),
  source_id text NOT NULL,
  redemption_id text NOT NULL DEFAULT '',
  voucher_id text NOT NULL DEFAULT '',
  order_id text NOT NULL DEFAULT '',
  deal_id text NOT NULL DEFAULT '',
  branch_id text NOT NULL DEFAULT '',
  units bigint NOT NULL DEFAULT 0,
  price bigint NOT NULL,
  commission bigint NOT NULL,
  commission_vat bigint NOT NULL,
  net bigint NOT NULL,
  at bigint NOT NULL,
  note text NOT NULL DEFAULT '',
  CHECK (net = price - commission - commission_vat)
);
CREATE UNIQUE INDEX statement_line_seq ON statement_line (merchant_id, seq);
CREATE UNIQUE INDEX statement_line_source ON statement_line (kind, source_id);
CREATE INDEX statement_line_statement ON statement_line (statement_id, seq);
CREATE INDEX statement_line_redemption ON statement_line (redemption_id) WHERE redemption_id <> '';

CREATE TABLE statement_apart (
  line_id text PRIMARY KEY REFERENCES statement_line (id),
  statement_id text NOT NULL REFERENCES statement (id),
  merchant_id text NOT NULL,
  amount bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('frozen', 'ready')),
  reason text NOT NULL DEFAULT '',
  objected_by text NOT NULL DEFAULT '',
  objected_at bigint,
  outcome text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'upheld', 'granted')),
  answer text NOT NULL DEFAULT '',
  answered_by text NOT NULL DEFAULT '',
  answered_at bigint,
  payout_id text,
  version bigint NOT NULL,
  CHECK (state = 'ready' OR amount > 0)
);
CREATE INDEX statement_apart_unpaid ON statement_apart (merchant_id, line_id) WHERE payout_id IS NULL;
CREATE INDEX statement_apart_objection ON statement_apart (objected_at, line_id)
  WHERE objected_at IS NOT NULL AND answered_at IS NULL;
CREATE INDEX statement_apart_payout ON statement_apart (payout_id) WHERE payout_id IS NOT NULL;
CREATE INDEX statement_apart_statement ON statement_apart (statement_id);

CREATE TABLE statement_seq (
  merchant_id text PRIMARY KEY,
  last_seq bigint NOT NULL,
  last_number bigint NOT NULL
);

CREATE TABLE payout (
  id text PRIMARY KEY,
  merchant_id text NOT NULL,
  day text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  state text NOT NULL CHECK (state IN ('due', 'held', 'sent', 'confirmed', 'returned')),
  bank_code text NOT NULL,
  bank_account text NOT NULL,
  bank_holder text NOT NULL,
  due_at bigint NOT NULL,
  attempt bigint NOT NULL DEFAULT 1,
  hold_code text NOT NULL DEFAULT '' CHECK (hold_code IN ('', 'limit', 'bank_account', 'books', 'operator')),
  hold_reason text NOT NULL DEFAULT '',
  held_by text NOT NULL DEFAULT '',
  table_ended boolean NOT NULL DEFAULT FALSE,
  sent_at bigint,
  confirmed_at bigint,
  ended_at bigint,
  last_error text NOT NULL DEFAULT '',
  replaces text,
  version bigint NOT NULL,
  CHECK ((state = 'held') = (hold_code <> ''))
);
CREATE UNIQUE INDEX payout_replaces ON payout (replaces) WHERE replaces IS NOT NULL;
CREATE UNIQUE INDEX payout_day ON payout (merchant_id, day) WHERE replaces IS NULL;
CREATE INDEX payout_merchant ON payout (merchant_id, id);
CREATE INDEX payout_open ON payout (state, id) WHERE state IN ('due', 'held', 'sent');

CREATE TABLE bank_entry (
  id text PRIMARY KEY,
  account text NOT NULL,
  reference text NOT NULL,
  amount bigint NOT NULL,
  balance bigint NOT NULL,
  kind text NOT NULL,
  memo text NOT NULL DEFAULT '',
  at bigint NOT NULL,
  day text NOT NULL,
  ledger_scope text NOT NULL DEFAULT '',
  seen_at bigint NOT NULL,
  matched_at bigint,
  note text NOT NULL DEFAULT ''
);
CREATE INDEX bank_entry_unmatched ON bank_entry (seen_at, id) WHERE matched_at IS NULL;
CREATE INDEX bank_entry_reference ON bank_entry (reference, account);

CREATE TABLE bank_cursor (
  account text PRIMARY KEY,
  after_id text NOT NULL,
  read_at bigint NOT NULL
);

CREATE TABLE bank_transfer (
  id text PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('sweep', 'top_up')),
  amount bigint NOT NULL CHECK (amount > 0),
  state text NOT NULL CHECK (state IN ('intent', 'sent', 'confirmed', 'failed')),
  day text NOT NULL,
  made_by text NOT NULL,
  created_at bigint NOT NULL,
  ended_at bigint,
  last_error text NOT NULL DEFAULT '',
  version bigint NOT NULL
);
CREATE INDEX bank_transfer_open ON bank_transfer (purpose, id) WHERE state IN ('intent', 'sent');

CREATE TABLE settlement_run (
  kind text NOT NULL,
  day text NOT NULL,
  cursor_id text NOT NULL DEFAULT '',
  done bigint NOT NULL DEFAULT 0,
  started_at bigint NOT NULL,
  next_at bigint NOT NULL,
  ended_at bigint,
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (kind, day)
);

CREATE TABLE settlement_difference (
  id text PRIMARY KEY,
  source text NOT NULL CHECK (source IN ('settlement', 'transactions', 'payout')),
  class text NOT NULL CHECK (class IN ('missing_here', 'missing_there', 'amount_differs', 'fee_differs')),
  day text NOT NULL,
  gateway_key text NOT NULL,
  subject_id text NOT NULL,
  ours bigint NOT NULL,
  theirs bigint NOT NULL,
  seen_at bigint NOT NULL,
  resolved_at bigint,
  resolved_by text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT ''
);
CREATE INDEX settlement_difference_open ON settlement_difference (seen_at, id) WHERE resolved_at IS NULL;

CREATE TABLE settlement_setting (
  name text PRIMARY KEY,
  won bigint NOT NULL CHECK (won >= 0),
  set_by text NOT NULL,
  set_at bigint NOT NULL
);
