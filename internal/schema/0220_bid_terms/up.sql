CREATE TABLE bid_terms (
  bid_id text PRIMARY KEY REFERENCES bid (id),
  commission_bp bigint NOT NULL CHECK (commission_bp >= 0 AND commission_bp <= 10000),
  policy_id text NOT NULL
);
