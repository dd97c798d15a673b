CREATE TABLE escrow (
  wish_id text PRIMARY KEY,
  bid_id text NOT NULL,
  merchant_id text NOT NULL,
  delivery text NOT NULL CHECK (delivery IN ('branch', 'shipping')),
  branch_id text NOT NULL DEFAULT '',
  unit_price bigint NOT NULL CHECK (unit_price > 0),
  commission_bp bigint NOT NULL CHECK (commission_bp >= 0 AND commission_bp <= 10000),
  policy_id text NOT NULL,
  made_to_order boolean NOT NULL,
  ship_by bigint NOT NULL,
  phase text NOT NULL CHECK (phase IN ('paying', 'fulfilling', 'done', 'void')),
  lapse_at bigint NOT NULL,
  shares bigint NOT NULL DEFAULT 0 CHECK (shares >= 0),
  units bigint NOT NULL DEFAULT 0 CHECK (units >= shares),
  paid bigint NOT NULL DEFAULT 0 CHECK (paid >= 0),
  opened_at bigint NOT NULL,
  begun_at bigint,
  ended_at bigint,
  version bigint NOT NULL,
  CHECK (lapse_at >= ship_by),
  CHECK (phase <> 'paying' OR begun_at IS NULL),
  CHECK (phase NOT IN ('fulfilling', 'done') OR begun_at IS NOT NULL),
  CHECK (phase <> 'done' OR ended_at IS NOT NULL)
);
CREATE INDEX escrow_open ON escrow (wish_id) WHERE ended_at IS NULL;
CREATE INDEX escrow_merchant ON escrow (merchant_id, wish_id);

CREATE TABLE escrow_share (
  order_id text PRIMARY KEY,
  wish_id text NOT NULL REFERENCES escrow (wish_id),
  account_id text NOT NULL,
  quantity bigint NOT NULL CHECK (quantity > 0),
  paid bigint NOT NULL CHECK (paid > 0),
  amount bigint NOT NULL CHECK (amount > 0 AND amount <= paid),
  released bigint NOT NULL DEFAULT 0 CHECK (released >= 0),
  refunded bigint NOT NULL DEFAULT 0 CHECK (refunded >= 0),
  state text NOT NULL CHECK (state IN ('held', 'shipped', 'delivered', 'released', 'refunded', 'disputed', 'decided')),
  outcome text NOT NULL DEFAULT '',
  due_at bigint,
  waited boolean NOT NULL DEFAULT FALSE,
  paid_at bigint NOT NULL,
  shipped_at bigint,
  delivered_at bigint,
  disputed_at bigint,
  ended_at bigint,
  address_until bigint,
  version bigint NOT NULL,
  CHECK (released + refunded = CASE WHEN ended_at IS NULL THEN 0 ELSE amount END),
  CHECK ((ended_at IS NOT NULL) = (state IN ('released', 'refunded', 'decided'))),
  CHECK ((outcome <> '') = (ended_at IS NOT NULL)),
  CHECK ((address_until IS NOT NULL) = (ended_at IS NOT NULL)),
  CHECK ((due_at IS NOT NULL) = (state IN ('shipped', 'delivered', 'disputed'))),
  CHECK ((disputed_at IS NOT NULL) = (state IN ('disputed', 'decided'))),
  CHECK (state <> 'released' OR refunded = 0),
  CHECK (state <> 'refunded' OR released = 0),
  CHECK (state <> 'delivered' OR delivered_at IS NOT NULL)
);
CREATE INDEX escrow_share_wish ON escrow_share (wish_id, state, order_id);
CREATE INDEX escrow_share_account ON escrow_share (account_id, order_id);
CREATE INDEX escrow_share_due ON escrow_share (due_at, order_id) WHERE due_at IS NOT NULL;
CREATE INDEX escrow_share_address ON escrow_share (address_until, order_id) WHERE address_until IS NOT NULL;

CREATE TABLE escrow_shipment (
  id text PRIMARY KEY,
  order_id text NOT NULL REFERENCES escrow_share (order_id),
  carrier text NOT NULL,
  number text NOT NULL,
  live boolean NOT NULL,
  account_id text NOT NULL,
  at bigint NOT NULL,
  accepted_at bigint,
  moving_at bigint,
  delivered_at bigint,
  returned_at bigint
);
CREATE UNIQUE INDEX escrow_shipment_order ON escrow_shipment (order_id) WHERE live;
CREATE UNIQUE INDEX escrow_shipment_number ON escrow_shipment (number, carrier) WHERE live AND number <> '';
CREATE INDEX escrow_shipment_past ON escrow_shipment (order_id, id);

CREATE TABLE escrow_track (
  shipment_id text NOT NULL REFERENCES escrow_shipment (id),
  kind text NOT NULL CHECK (kind IN ('accepted', 'moving', 'delivered', 'returned')),
  at bigint NOT NULL,
  place text NOT NULL,
  heard_at bigint NOT NULL,
  PRIMARY KEY (shipment_id, kind, at)
);

CREATE TABLE escrow_dispute (
  order_id text PRIMARY KEY REFERENCES escrow_share (order_id),
  wish_id text NOT NULL,
  reason text NOT NULL,
  turn text NOT NULL CHECK (turn IN ('seller', 'buyer', 'operator', 'over')),
  amount bigint NOT NULL CHECK (amount > 0),
  offered boolean NOT NULL DEFAULT FALSE,
  offer bigint NOT NULL DEFAULT 0 CHECK (offer >= 0 AND offer <= amount),
  opened_at bigint NOT NULL,
  due_at bigint NOT NULL,
  until_at bigint NOT NULL,
  ended_at bigint,
  outcome text NOT NULL DEFAULT '',
  refunded bigint NOT NULL DEFAULT 0 CHECK (refunded >= 0 AND refunded <= amount),
  note text NOT NULL DEFAULT '',
  decided_by text NOT NULL DEFAULT '',
  version bigint NOT NULL,
  CHECK (due_at <= until_at),
  CHECK ((turn = 'over') = (ended_at IS NOT NULL)),
  CHECK ((turn = 'over') = (outcome <> ''))
);
CREATE INDEX escrow_dispute_turn ON escrow_dispute (turn, due_at, order_id) WHERE turn <> 'over';
CREATE INDEX escrow_dispute_wish ON escrow_dispute (wish_id, order_id);

CREATE TABLE escrow_evidence (
  id text PRIMARY KEY,
  order_id text NOT NULL REFERENCES escrow_dispute (order_id),
  side text NOT NULL CHECK (side IN ('buyer', 'seller', 'operator')),
  account_id text NOT NULL,
  words text NOT NULL,
  pictures text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX escrow_evidence_order ON escrow_evidence (order_id, id);

CREATE TABLE escrow_address (
  order_id text PRIMARY KEY REFERENCES escrow_share (order_id),
  name text NOT NULL,
  phone text NOT NULL,
  postcode text NOT NULL,
  line text NOT NULL,
  detail text NOT NULL,
  note text NOT NULL,
  at bigint NOT NULL
);
