CREATE TABLE merchant (
  id text PRIMARY KEY,
  slug text NOT NULL,
  business_number text NOT NULL,
  name text NOT NULL,
  representative text NOT NULL,
  phone text NOT NULL,
  email text NOT NULL,
  story text NOT NULL,
  category_id text NOT NULL,
  more_categories text NOT NULL DEFAULT '[]',
  region_id text NOT NULL,
  bank_code text NOT NULL,
  bank_account text NOT NULL,
  bank_holder text NOT NULL,
  next_bank_code text NOT NULL DEFAULT '',
  next_bank_account text NOT NULL DEFAULT '',
  next_bank_holder text NOT NULL DEFAULT '',
  next_bank_at bigint,
  state text NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'approved', 'suspended')),
  return_reason text NOT NULL DEFAULT '',
  pictures text NOT NULL DEFAULT '[]',
  colour text NOT NULL DEFAULT '',
  submitted_at bigint,
  approved_at bigint,
  created_at bigint NOT NULL,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX merchant_slug ON merchant (slug);
CREATE UNIQUE INDEX merchant_business_number ON merchant (business_number) WHERE state <> 'draft';
CREATE INDEX merchant_state ON merchant (state, submitted_at);
CREATE INDEX merchant_region ON merchant (region_id) WHERE state = 'approved';

CREATE TABLE merchant_branch (
  id text PRIMARY KEY,
  merchant_id text NOT NULL REFERENCES merchant (id),
  name text NOT NULL,
  address text NOT NULL,
  region_id text NOT NULL,
  latitude_e7 bigint NOT NULL,
  longitude_e7 bigint NOT NULL,
  cell bigint NOT NULL DEFAULT 0,
  phone text NOT NULL,
  hours text NOT NULL,
  directions text NOT NULL DEFAULT '',
  closed_at bigint,
  version bigint NOT NULL
);
CREATE INDEX merchant_branch_merchant ON merchant_branch (merchant_id);
CREATE INDEX merchant_branch_cell ON merchant_branch (cell);

CREATE TABLE merchant_member (
  merchant_id text NOT NULL REFERENCES merchant (id),
  account_id text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'manager', 'scan')),
  branch_id text NOT NULL DEFAULT '',
  added_by text NOT NULL,
  added_at bigint NOT NULL,
  PRIMARY KEY (merchant_id, account_id)
);
CREATE INDEX merchant_member_account ON merchant_member (account_id);

CREATE TABLE merchant_invitation (
  id text PRIMARY KEY,
  hash text,
  merchant_id text NOT NULL REFERENCES merchant (id),
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('manager', 'scan')),
  branch_id text NOT NULL DEFAULT '',
  invited_by text NOT NULL,
  invited_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  accepted_at bigint,
  accepted_by text NOT NULL DEFAULT '',
  revoked_at bigint
);
CREATE UNIQUE INDEX merchant_invitation_hash ON merchant_invitation (hash);
CREATE INDEX merchant_invitation_merchant ON merchant_invitation (merchant_id, invited_at);

CREATE TABLE merchant_follow (
  account_id text NOT NULL,
  merchant_id text NOT NULL REFERENCES merchant (id),
  at bigint NOT NULL,
  PRIMARY KEY (account_id, merchant_id)
);
CREATE INDEX merchant_follow_merchant ON merchant_follow (merchant_id);
