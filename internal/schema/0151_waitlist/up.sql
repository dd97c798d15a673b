CREATE TABLE waitlist (
  id text PRIMARY KEY,
  deal_id text NOT NULL,
  option_id text NOT NULL,
  account_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'offered', 'ended')),
  order_id text NOT NULL DEFAULT '',
  outcome text NOT NULL DEFAULT '',
  at bigint NOT NULL,
  offered_at bigint,
  ended_at bigint,
  CHECK ((state = 'offered') = (order_id <> ''))
);
CREATE UNIQUE INDEX waitlist_once ON waitlist (deal_id, account_id) WHERE state = 'waiting';
CREATE UNIQUE INDEX waitlist_order ON waitlist (order_id) WHERE order_id <> '';
CREATE INDEX waitlist_line ON waitlist (deal_id, option_id, id) WHERE state = 'waiting';
