CREATE TABLE directory_entry (
  id text PRIMARY KEY,
  name text NOT NULL,
  branch text NOT NULL,
  category_id text NOT NULL,
  industry text NOT NULL,
  region_id text NOT NULL,
  district_id text NOT NULL,
  matched text NOT NULL CHECK (matched IN ('name', 'place', 'district', 'province', 'none')),
  address text NOT NULL,
  lot_address text NOT NULL,
  building text NOT NULL,
  floor text NOT NULL,
  unit text NOT NULL,
  latitude_e7 bigint NOT NULL,
  longitude_e7 bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('unclaimed', 'claimed')),
  merchant_id text,
  claimed_at bigint,
  mark bigint NOT NULL,
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  CHECK ((state = 'claimed') = (merchant_id IS NOT NULL AND claimed_at IS NOT NULL))
);
CREATE INDEX directory_entry_district ON directory_entry (district_id, name, id, region_id);
CREATE INDEX directory_entry_merchant ON directory_entry (merchant_id) WHERE merchant_id IS NOT NULL;

CREATE TABLE directory_unindexed (
  entry_id text PRIMARY KEY
);

CREATE TABLE directory_import (
  id text PRIMARY KEY,
  file text NOT NULL,
  actor text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done', 'stopped')),
  rows_read bigint NOT NULL,
  rows_new bigint NOT NULL,
  rows_changed bigint NOT NULL,
  rows_unchanged bigint NOT NULL,
  rows_refused bigint NOT NULL,
  rows_unmatched bigint NOT NULL,
  started_at bigint NOT NULL,
  finished_at bigint
);
