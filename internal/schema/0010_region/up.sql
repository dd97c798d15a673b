CREATE TABLE region (
  id text PRIMARY KEY,
  parent_id text REFERENCES region (id),
  level text NOT NULL CHECK (level IN ('country', 'province', 'district', 'neighbourhood', 'area')),
  code text NOT NULL,
  name text NOT NULL,
  name_en text NOT NULL,
  full_name text NOT NULL,
  full_name_en text NOT NULL,
  latitude_e7 bigint NOT NULL,
  longitude_e7 bigint NOT NULL,
  min_latitude_e7 bigint NOT NULL,
  min_longitude_e7 bigint NOT NULL,
  max_latitude_e7 bigint NOT NULL,
  max_longitude_e7 bigint NOT NULL,
  search text NOT NULL,
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  CHECK ((level = 'country') = (parent_id IS NULL))
);
CREATE UNIQUE INDEX region_code ON region (level, code);
CREATE INDEX region_parent ON region (parent_id, code);

CREATE TABLE region_shape (
  region_id text PRIMARY KEY REFERENCES region (id),
  outline bytea NOT NULL,
  hash text NOT NULL,
  credit text NOT NULL
);

CREATE TABLE region_area_member (
  area_id text NOT NULL REFERENCES region (id),
  member_id text NOT NULL REFERENCES region (id),
  PRIMARY KEY (area_id, member_id)
);
CREATE INDEX region_area_member_member ON region_area_member (member_id);
