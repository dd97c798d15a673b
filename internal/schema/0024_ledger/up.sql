CREATE TABLE ledger_entry (
  id text PRIMARY KEY,
  rule text NOT NULL,
  scope text NOT NULL,
  mirrors text,
  at bigint NOT NULL,
  day text NOT NULL,
  deal_id text NOT NULL DEFAULT '',
  order_id text NOT NULL DEFAULT '',
  voucher_id text NOT NULL DEFAULT '',
  merchant_id text NOT NULL DEFAULT '',
  policy_id text NOT NULL DEFAULT '',
  bytes bytea NOT NULL
);
CREATE UNIQUE INDEX ledger_entry_scope ON ledger_entry (scope);
CREATE UNIQUE INDEX ledger_entry_mirrors ON ledger_entry (mirrors) WHERE mirrors IS NOT NULL;
CREATE INDEX ledger_entry_deal ON ledger_entry (deal_id, id) WHERE deal_id <> '';
CREATE INDEX ledger_entry_order ON ledger_entry (order_id, id) WHERE order_id <> '';
CREATE INDEX ledger_entry_expiry ON ledger_entry (voucher_id, id) WHERE rule >= 'R13' AND rule < 'R14';
CREATE INDEX ledger_entry_merchant ON ledger_entry (merchant_id, id) WHERE merchant_id <> '';

CREATE TABLE ledger_posting (
  entry_id text NOT NULL REFERENCES ledger_entry (id),
  line bigint NOT NULL,
  account text NOT NULL,
  party text NOT NULL,
  side text NOT NULL CHECK (side IN ('D', 'C')),
  amount bigint NOT NULL CHECK (amount > 0),
  PRIMARY KEY (entry_id, line)
);
CREATE INDEX ledger_posting_bank ON ledger_posting (account, party, entry_id)
  WHERE account >= '1110' AND account <= '1190';

CREATE TABLE ledger_balance (
  account text NOT NULL,
  party text NOT NULL,
  balance bigint NOT NULL CHECK (balance >= 0),
  since bigint NOT NULL,
  PRIMARY KEY (account, party)
);

CREATE TABLE ledger_movement (
  id text PRIMARY KEY,
  account text NOT NULL,
  party text NOT NULL,
  rule text NOT NULL,
  debit bigint NOT NULL CHECK (debit >= 0),
  credit bigint NOT NULL CHECK (credit >= 0)
);

CREATE TABLE ledger_fold (
  account text NOT NULL,
  party text NOT NULL,
  rule text NOT NULL,
  debit bigint NOT NULL CHECK (debit >= 0),
  credit bigint NOT NULL CHECK (credit >= 0),
  PRIMARY KEY (account, party, rule)
);

CREATE TABLE ledger_segregation (
  day text PRIMARY KEY,
  at bigint NOT NULL,
  liabilities bigint NOT NULL,
  assets bigint NOT NULL,
  detail text NOT NULL,
  top_up bigint NOT NULL CHECK (top_up >= 0),
  due_day text NOT NULL,
  topped_up_at bigint
);
