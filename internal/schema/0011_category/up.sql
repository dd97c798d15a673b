CREATE TABLE category (
  id text PRIMARY KEY,
  parent_id text REFERENCES category (id),
  name text NOT NULL,
  name_en text NOT NULL,
  icon text NOT NULL,
  rank bigint NOT NULL
);
