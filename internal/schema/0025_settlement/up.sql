CREATE TABLE statement (
  id text PRIMARY KEY,
  merchant_id text NOT NULL,
  day text NOT NULL,
  number bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('issued', 'confirmed', 'paid')),
  lines bigint NOT NULL,
  gross bigint NOT NULL,
  commission bigint NOT NULL,
  commission_vat bigint NOT NULL,
  net bigint NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  holiday_table_ended boolean NOT NULL DEFAULT FALSE,
  issued_at bigint NOT NULL,
  object_until bigint NOT NULL,
  confirmed_at bigint,
  confirmed_by text NOT NULL DEFAULT '',
  version bigint NOT NULL
);
CREATE UNIQUE INDEX statement_day ON statement (merchant_id, day);
CREATE UNIQUE INDEX statement_number ON statement (merchant_id, number);
CREATE INDEX statement_open ON statement (object_until) WHERE state = 'issued';

CREATE TABLE statement_line (
  id text PRIMARY KEY,
  statement_id text NOT NULL REFERENCES statement (id),
  merchant_id text NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('use', 'correction', 'share')),
  source_id text NOT NULL,
  voucher_id text NOT NULL,
  order_id text NOT NULL,
  deal_id text NOT NULL,
  price bigint NOT NULL,
  commission bigint NOT NULL,
  commission_vat bigint NOT NULL,
  net bigint NOT NULL,
  at bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'frozen', 'payable', 'paid')),
  payout_id text,
  objection text NOT NULL DEFAULT '',
  answer text NOT NULL DEFAULT '',
  version bigint NOT NULL
);
CREATE UNIQUE INDEX statement_line_seq ON statement_line (merchant_id, seq);
CREATE UNIQUE INDEX statement_line_source ON statement_line (kind, source_id);
CREATE INDEX statement_line_statement ON statement_line (statement_id, seq);
CREATE INDEX statement_line_payable ON statement_line (merchant_id) WHERE state = 'payable';

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
  attempt bigint NOT NULL DEFAULT 0,
  hold_reason text NOT NULL DEFAULT '',
  held_by text NOT NULL DEFAULT '',
  sent_at bigint,
  ended_at bigint,
  last_error text NOT NULL DEFAULT '',
  replaces text,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX payout_replaces ON payout (replaces) WHERE replaces IS NOT NULL;
CREATE INDEX payout_merchant ON payout (merchant_id, id);
CREATE INDEX payout_open ON payout (due_at) WHERE state IN ('due', 'held', 'sent', 'returned');

CREATE TABLE bank_entry (
  id text PRIMARY KEY,
  account text NOT NULL,
  reference text NOT NULL,
  amount bigint NOT NULL,
  kind text NOT NULL,
  at bigint NOT NULL,
  day text NOT NULL,
  ledger_scope text NOT NULL DEFAULT '',
  seen_at bigint NOT NULL
);
CREATE INDEX bank_entry_unmatched ON bank_entry (seen_at) WHERE ledger_scope = '';

CREATE TABLE bank_transfer (
  id text PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('sweep', 'top_up', 'capital')),
  amount bigint NOT NULL CHECK (amount > 0),
  state text NOT NULL CHECK (state IN ('intent', 'sent', 'confirmed', 'returned')),
  day text NOT NULL,
  created_at bigint NOT NULL,
  ended_at bigint,
  last_error text NOT NULL DEFAULT '',
  version bigint NOT NULL
);
