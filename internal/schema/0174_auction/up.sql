CREATE TABLE auction (
  wish_id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('open', 'sealed')),
  state text NOT NULL CHECK (state IN ('planned', 'open', 'revealing', 'closed', 'awarded', 'done', 'void')),
  round bigint NOT NULL CHECK (round > 0),
  quantity bigint NOT NULL CHECK (quantity > 0),
  ceiling bigint NOT NULL CHECK (ceiling >= 0),
  step bigint NOT NULL CHECK (step > 0),
  opens_at bigint,
  closes_at bigint,
  extensions bigint NOT NULL DEFAULT 0 CHECK (extensions >= 0),
  seq bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  bids bigint NOT NULL DEFAULT 0 CHECK (bids >= 0),
  lowest_bid text NOT NULL DEFAULT '',
  lowest_price bigint NOT NULL DEFAULT 0 CHECK (lowest_price >= 0),
  digest text NOT NULL,
  closed_at bigint,
  awarded_at bigint,
  firm bigint NOT NULL DEFAULT 0 CHECK (firm >= 0),
  winner text NOT NULL DEFAULT '',
  reason text NOT NULL DEFAULT '',
  created_at bigint NOT NULL,
  version bigint NOT NULL,
  CHECK (bids <= seq),
  CHECK ((lowest_bid = '') = (lowest_price = 0)),
  CHECK (kind = 'open' OR extensions = 0),
  CHECK (state IN ('planned', 'void') OR closes_at IS NOT NULL),
  CHECK (closes_at IS NULL OR closes_at > opens_at),
  CHECK ((winner = '') = (state NOT IN ('awarded', 'done')))
);
CREATE INDEX auction_closing ON auction (closes_at) WHERE state IN ('open', 'revealing');

CREATE TABLE bid (
  id text PRIMARY KEY,
  wish_id text NOT NULL REFERENCES auction (wish_id),
  seq bigint NOT NULL CHECK (seq > 0),
  round bigint NOT NULL CHECK (round > 0),
  merchant_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('standing', 'replaced', 'withdrawn', 'disqualified', 'winner', 'failed',
    'lapsed')),
  delivery text NOT NULL DEFAULT '' CHECK (delivery IN ('', 'branch', 'shipping')),
  unit_price bigint NOT NULL DEFAULT 0 CHECK (unit_price >= 0),
  quantity_min bigint NOT NULL DEFAULT 0 CHECK (quantity_min >= 0),
  quantity_max bigint NOT NULL DEFAULT 0 CHECK (quantity_max >= 0),
  promised_by bigint,
  branch_id text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  evidence text NOT NULL DEFAULT '',
  deposit bigint NOT NULL DEFAULT 0 CHECK (deposit >= 0),
  commitment text NOT NULL DEFAULT '',
  at bigint NOT NULL,
  ended_at bigint,
  reason text NOT NULL DEFAULT '',
  place bigint NOT NULL DEFAULT 0 CHECK (place >= 0),
  outcome text NOT NULL DEFAULT '',
  confirmed_at bigint,
  CHECK (commitment <> '' OR unit_price > 0),
  CHECK (unit_price = 0 OR quantity_min > 0),
  CHECK (quantity_max = 0 OR quantity_max >= quantity_min),
  CHECK ((unit_price > 0) = (delivery <> '')),
  CHECK ((state IN ('standing', 'winner')) = (ended_at IS NULL)),
  CHECK (state <> 'winner' OR unit_price > 0)
);
CREATE UNIQUE INDEX bid_seq ON bid (wish_id, seq);
CREATE UNIQUE INDEX bid_standing ON bid (wish_id, merchant_id) WHERE state IN ('standing', 'winner');
CREATE UNIQUE INDEX bid_winner ON bid (wish_id) WHERE state = 'winner';
CREATE INDEX bid_merchant ON bid (merchant_id, id);

CREATE TABLE bid_step (
  bid_id text NOT NULL REFERENCES bid (id),
  from_quantity bigint NOT NULL CHECK (from_quantity > 1),
  unit_price bigint NOT NULL CHECK (unit_price > 0),
  PRIMARY KEY (bid_id, from_quantity)
);

CREATE TABLE bid_seal (
  bid_id text PRIMARY KEY REFERENCES bid (id),
  salt text NOT NULL,
  body text NOT NULL,
  deposit bigint NOT NULL CHECK (deposit >= 0)
);
