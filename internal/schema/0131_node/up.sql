CREATE TABLE kit_node (
  name text PRIMARY KEY,
  address text NOT NULL,
  version bigint NOT NULL,
  started_at bigint NOT NULL,
  seen_at bigint NOT NULL
);
