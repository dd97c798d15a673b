CREATE TABLE collect (
  wish_id text PRIMARY KEY,
  bid_id text NOT NULL,
  merchant_id text NOT NULL,
  round bigint NOT NULL CHECK (round > 0),
  state text NOT NULL CHECK (state IN ('open', 'asking', 'over')),
  needs bigint NOT NULL CHECK (needs > 0),
  most bigint NOT NULL CHECK (most > 0),
  opened_at bigint NOT NULL,
  until_at bigint NOT NULL,
  consent_until bigint,
  answer_by bigint,
  ended_at bigint,
  outcome text NOT NULL DEFAULT '',
  version bigint NOT NULL,
  CHECK (until_at > opened_at),
  CHECK ((answer_by IS NOT NULL) = (state = 'asking')),
  CHECK ((ended_at IS NOT NULL) = (state = 'over')),
  CHECK ((outcome <> '') = (state = 'over'))
);
CREATE INDEX collect_live ON collect (wish_id) WHERE state <> 'over';

CREATE TABLE collect_order (
  id text PRIMARY KEY,
  wish_id text NOT NULL REFERENCES collect (wish_id),
  account_id text NOT NULL,
  bid_id text NOT NULL,
  quantity bigint NOT NULL CHECK (quantity > 0),
  unit_price bigint NOT NULL CHECK (unit_price > 0),
  state text NOT NULL CHECK (state IN ('open', 'paid', 'gone')),
  name text NOT NULL,
  phone text NOT NULL,
  postcode text NOT NULL,
  line text NOT NULL,
  detail text NOT NULL,
  note text NOT NULL,
  created_at bigint NOT NULL,
  paid_at bigint,
  version bigint NOT NULL,
  CHECK (state <> 'paid' OR paid_at IS NOT NULL),
  CHECK (state = 'open' OR (name = '' AND phone = '' AND postcode = '' AND line = '' AND detail = '' AND note = ''))
);
CREATE UNIQUE INDEX collect_order_open ON collect_order (wish_id, account_id) WHERE state = 'open';
CREATE UNIQUE INDEX collect_order_paid ON collect_order (wish_id, account_id) WHERE state = 'paid';
CREATE INDEX collect_order_account ON collect_order (wish_id, account_id, id);
