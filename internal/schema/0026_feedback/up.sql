CREATE TABLE feedback_ask (
  id text PRIMARY KEY,
  redemption_id text NOT NULL,
  voucher_id text NOT NULL,
  account_id text NOT NULL,
  merchant_id text NOT NULL,
  branch_id text NOT NULL DEFAULT '',
  deal_id text NOT NULL,
  asked_at bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'answered', 'declined', 'void')),
  satisfaction bigint CHECK (satisfaction BETWEEN 1 AND 5),
  would_return boolean,
  same_treatment boolean,
  comment text NOT NULL DEFAULT '',
  answered_at bigint,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX feedback_ask_redemption ON feedback_ask (redemption_id);
CREATE INDEX feedback_ask_account ON feedback_ask (account_id, state, asked_at);
CREATE INDEX feedback_ask_voucher ON feedback_ask (voucher_id);
CREATE INDEX feedback_ask_merchant ON feedback_ask (merchant_id, answered_at);
CREATE INDEX feedback_ask_deal ON feedback_ask (deal_id, answered_at);

CREATE TABLE feedback_merchant (
  id text PRIMARY KEY,
  merchant_id text NOT NULL,
  subject text NOT NULL,
  asked_at bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'answered')),
  satisfaction bigint CHECK (satisfaction BETWEEN 1 AND 5),
  would_repeat boolean,
  comment text NOT NULL DEFAULT '',
  answered_by text NOT NULL DEFAULT '',
  answered_at bigint,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX feedback_merchant_subject ON feedback_merchant (merchant_id, subject);

CREATE TABLE feedback_fold (
  redemption_id text PRIMARY KEY,
  merchant_id text NOT NULL,
  deal_id text NOT NULL,
  used boolean NOT NULL,
  undone boolean NOT NULL,
  satisfaction bigint NOT NULL,
  would_return bigint NOT NULL,
  treated bigint NOT NULL,
  treated_same bigint NOT NULL
);

CREATE TABLE feedback_tally (
  subject text PRIMARY KEY,
  buyers_asked bigint NOT NULL DEFAULT 0,
  buyers_answered bigint NOT NULL DEFAULT 0,
  buyers_sum bigint NOT NULL DEFAULT 0,
  would_return bigint NOT NULL DEFAULT 0,
  treated bigint NOT NULL DEFAULT 0,
  treated_same bigint NOT NULL DEFAULT 0,
  merchants_answered bigint NOT NULL DEFAULT 0,
  merchants_sum bigint NOT NULL DEFAULT 0,
  visits bigint NOT NULL DEFAULT 0
);
