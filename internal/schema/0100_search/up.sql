CREATE TABLE kit_search (
  number bigint PRIMARY KEY,
  kind text NOT NULL,
  id text NOT NULL,
  body text NOT NULL
);
CREATE UNIQUE INDEX kit_search_id ON kit_search (kind, id);
