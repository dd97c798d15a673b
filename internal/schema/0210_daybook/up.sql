CREATE TABLE daybook_deal (
  deal_id text PRIMARY KEY,
  merchant_id text NOT NULL,
  orders bigint NOT NULL,
  units bigint NOT NULL,
  won bigint NOT NULL,
  back_units bigint NOT NULL,
  back_won bigint NOT NULL,
  uses bigint NOT NULL,
  net bigint NOT NULL,
  usable bigint NOT NULL
);
CREATE INDEX daybook_deal_merchant ON daybook_deal (merchant_id);

CREATE TABLE daybook_hour (
  merchant_id text NOT NULL,
  hour bigint NOT NULL,
  uses bigint NOT NULL,
  net bigint NOT NULL,
  people bigint NOT NULL,
  units bigint NOT NULL,
  PRIMARY KEY (merchant_id, hour)
);

CREATE TABLE daybook_pace (
  deal_id text NOT NULL,
  hour bigint NOT NULL,
  people bigint NOT NULL,
  PRIMARY KEY (deal_id, hour)
);

CREATE TABLE daybook_day (
  merchant_id text NOT NULL,
  day bigint NOT NULL,
  guests bigint NOT NULL,
  PRIMARY KEY (merchant_id, day)
);

CREATE TABLE daybook_buyer (
  hour bigint NOT NULL,
  merchant_id text NOT NULL,
  account_id text NOT NULL,
  deal_id text NOT NULL,
  units bigint NOT NULL CHECK (units >= 0),
  PRIMARY KEY (hour, merchant_id, account_id, deal_id)
);

CREATE TABLE daybook_guest (
  day bigint NOT NULL,
  merchant_id text NOT NULL,
  account_id text NOT NULL,
  uses bigint NOT NULL CHECK (uses >= 0),
  PRIMARY KEY (day, merchant_id, account_id)
);
