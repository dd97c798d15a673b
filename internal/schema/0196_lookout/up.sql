CREATE TABLE lookout (
  id text PRIMARY KEY,
  merchant_id text NOT NULL,
  category_id text NOT NULL DEFAULT '',
  region_id text NOT NULL DEFAULT '',
  at bigint NOT NULL
);
CREATE UNIQUE INDEX lookout_kind ON lookout (merchant_id, category_id, region_id);

CREATE TABLE lookout_off (
  merchant_id text NOT NULL,
  account_id text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (merchant_id, account_id)
);

CREATE TABLE lookout_told (
  wish_id text NOT NULL,
  merchant_id text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (wish_id, merchant_id)
);
