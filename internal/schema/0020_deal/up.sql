CREATE TABLE deal (
  id text PRIMARY KEY,
  merchant_id text NOT NULL,
  number bigint NOT NULL DEFAULT 0,
  state text NOT NULL,
  terms_version bigint NOT NULL,
  threshold_kind text NOT NULL CHECK (threshold_kind IN ('people', 'units', 'won')),
  threshold bigint NOT NULL CHECK (threshold > 0),
  capacity bigint NOT NULL CHECK (capacity > 0),
  per_person bigint NOT NULL CHECK (per_person > 0),
  starts_at bigint,
  ends_at bigint,
  public_from bigint,
  public_until bigint,
  ask_when_short boolean NOT NULL,
  ask_until bigint,
  extended boolean NOT NULL DEFAULT FALSE,
  held_units bigint NOT NULL DEFAULT 0 CHECK (held_units >= 0),
  paid_units bigint NOT NULL DEFAULT 0 CHECK (paid_units >= 0),
  people bigint NOT NULL DEFAULT 0 CHECK (people >= 0),
  paid_won bigint NOT NULL DEFAULT 0 CHECK (paid_won >= 0),
  tipped_at bigint,
  decided_at bigint,
  submitted_at bigint,
  score bigint NOT NULL DEFAULT 0,
  score_parts text NOT NULL DEFAULT '',
  return_reason text NOT NULL DEFAULT '',
  created_at bigint NOT NULL,
  version bigint NOT NULL,
  CHECK (held_units + paid_units <= capacity),
  CHECK (starts_at IS NULL OR ends_at > starts_at)
);
CREATE INDEX deal_state ON deal (state, ends_at);
CREATE INDEX deal_merchant ON deal (merchant_id, created_at);
CREATE INDEX deal_queue ON deal (submitted_at) WHERE state = 'submitted';

CREATE TABLE deal_option (
  id text PRIMARY KEY,
  deal_id text NOT NULL REFERENCES deal (id),
  position bigint NOT NULL,
  name text NOT NULL,
  list_price bigint NOT NULL CHECK (list_price > 0),
  price bigint NOT NULL CHECK (price >= 100),
  quantity bigint NOT NULL CHECK (quantity > 0),
  uses bigint NOT NULL CHECK (uses > 0),
  held_units bigint NOT NULL DEFAULT 0 CHECK (held_units >= 0),
  paid_units bigint NOT NULL DEFAULT 0 CHECK (paid_units >= 0),
  CHECK (price <= list_price),
  CHECK (held_units + paid_units <= quantity)
);
CREATE UNIQUE INDEX deal_option_position ON deal_option (deal_id, position);

CREATE TABLE deal_terms (
  deal_id text NOT NULL REFERENCES deal (id),
  version bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'proposed', 'in_force', 'refused', 'replaced')),
  title text NOT NULL,
  summary text NOT NULL,
  story text NOT NULL,
  category_id text NOT NULL,
  price_basis text NOT NULL,
  valid_days bigint NOT NULL CHECK (valid_days > 0),
  use_rules text NOT NULL,
  branches text NOT NULL,
  refund_profile text NOT NULL,
  merchant_share_bp bigint NOT NULL CHECK (merchant_share_bp BETWEEN 0 AND 10000),
  commission_bp bigint NOT NULL CHECK (commission_bp BETWEEN 0 AND 10000),
  stated_cost bigint NOT NULL DEFAULT 0,
  won_table text NOT NULL DEFAULT '',
  policy_id text NOT NULL,
  pictures text NOT NULL,
  reason text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (deal_id, version)
);

CREATE TABLE deal_region (
  deal_id text NOT NULL REFERENCES deal (id),
  region_id text NOT NULL,
  PRIMARY KEY (deal_id, region_id)
);
CREATE INDEX deal_region_region ON deal_region (region_id, deal_id);

CREATE TABLE deal_log (
  id text PRIMARY KEY,
  deal_id text NOT NULL REFERENCES deal (id),
  actor text NOT NULL,
  action text NOT NULL,
  public boolean NOT NULL,
  detail text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX deal_log_deal ON deal_log (deal_id, id);

CREATE TABLE deal_bookmark (
  account_id text NOT NULL,
  deal_id text NOT NULL REFERENCES deal (id),
  notify boolean NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (account_id, deal_id)
);
CREATE INDEX deal_bookmark_deal ON deal_bookmark (deal_id);
