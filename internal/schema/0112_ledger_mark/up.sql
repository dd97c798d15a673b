CREATE TABLE ledger_mark (
  name text PRIMARY KEY,
  at bigint NOT NULL
);
INSERT INTO ledger_mark (name, at) SELECT 'policy', coalesce(max(at) + 86400000000, 0) FROM ledger_entry;
