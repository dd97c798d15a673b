CREATE TABLE escrow_past (
  wish_id text NOT NULL REFERENCES escrow (wish_id),
  bid_id text NOT NULL,
  merchant_id text NOT NULL,
  delivery text NOT NULL CHECK (delivery IN ('branch', 'shipping')),
  branch_id text NOT NULL DEFAULT '',
  unit_price bigint NOT NULL CHECK (unit_price > 0),
  commission_bp bigint NOT NULL CHECK (commission_bp >= 0 AND commission_bp <= 10000),
  policy_id text NOT NULL,
  made_to_order boolean NOT NULL,
  ship_by bigint NOT NULL,
  opened_at bigint NOT NULL,
  ended_at bigint NOT NULL,
  PRIMARY KEY (wish_id, ended_at),
  CHECK (ended_at >= opened_at)
);
