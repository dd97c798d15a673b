CREATE TABLE sandbox_record (
  kind text NOT NULL,
  id   text NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (kind, id)
);
