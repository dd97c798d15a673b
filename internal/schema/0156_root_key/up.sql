CREATE TABLE kit_root_key (
  place bigint PRIMARY KEY CHECK (place = 1),
  mark text NOT NULL,
  at bigint NOT NULL
);
