CREATE TABLE wish (
  id text PRIMARY KEY,
  author_id text NOT NULL,
  lead_id text NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  details text NOT NULL DEFAULT '',
  photo text NOT NULL DEFAULT '',
  link text NOT NULL DEFAULT '',
  category_id text NOT NULL DEFAULT '',
  region_id text NOT NULL DEFAULT '',
  way text NOT NULL DEFAULT '' CHECK (way IN ('', 'branch', 'shipping')),
  top_price bigint NOT NULL DEFAULT 0 CHECK (top_price >= 0),
  threshold bigint NOT NULL CHECK (threshold > 0),
  post_key text NOT NULL,
  post_hash text NOT NULL,
  policy_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('gathering', 'bidding', 'choosing', 'paying', 'fulfilling', 'done', 'closed',
    'merged')),
  firm bigint NOT NULL DEFAULT 0 CHECK (firm >= 0),
  watching bigint NOT NULL DEFAULT 0 CHECK (watching >= 0),
  until_at bigint NOT NULL,
  reached_at bigint,
  reached_version bigint,
  ended_at bigint,
  outcome text NOT NULL DEFAULT '',
  merged_into text NOT NULL DEFAULT '',
  created_at bigint NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  CHECK ((reached_at IS NULL) = (reached_version IS NULL)),
  CHECK (state NOT IN ('bidding', 'choosing', 'paying', 'fulfilling', 'done') OR reached_at IS NOT NULL),
  CHECK (state <> 'gathering' OR reached_at IS NULL),
  CHECK ((state = 'merged') = (merged_into <> '')),
  CHECK ((state IN ('done', 'closed', 'merged')) = (ended_at IS NOT NULL))
);
CREATE INDEX wish_author ON wish (author_id, id);
CREATE UNIQUE INDEX wish_post_key ON wish (author_id, post_key);

CREATE TABLE wish_member (
  id text PRIMARY KEY,
  wish_id text NOT NULL,
  account_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('watching', 'firm', 'away')),
  firm_at bigint,
  at bigint NOT NULL,
  CHECK ((kind = 'firm') = (firm_at IS NOT NULL))
);
CREATE INDEX wish_member_firm ON wish_member (wish_id, firm_at, account_id) WHERE kind = 'firm';
