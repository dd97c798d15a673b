CREATE TABLE payout_check (
  day text PRIMARY KEY,
  at bigint NOT NULL,
  found bigint NOT NULL CHECK (found >= 0),
  detail text NOT NULL,
  since bigint,
  CHECK ((found = 0) = (since IS NULL))
);
