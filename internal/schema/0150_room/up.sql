CREATE TABLE room (
  deal_id text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('gathering', 'drawing', 'open', 'closed')),
  hand text NOT NULL DEFAULT '' CHECK (hand IN ('', 'open', 'shut')),
  commitment text NOT NULL,
  seed text NOT NULL DEFAULT '',
  digest text NOT NULL DEFAULT '',
  drawn bigint NOT NULL DEFAULT 0 CHECK (drawn >= 0),
  last_place bigint NOT NULL DEFAULT 0,
  called bigint NOT NULL DEFAULT 0 CHECK (called >= 0),
  pace bigint NOT NULL DEFAULT 0,
  called_at bigint,
  opened_at bigint,
  closed_at bigint,
  version bigint NOT NULL,
  CHECK (called <= last_place),
  CHECK (drawn <= last_place)
);
CREATE INDEX room_shut ON room (deal_id) WHERE state <> 'closed';

CREATE TABLE room_place (
  id text PRIMARY KEY,
  deal_id text NOT NULL REFERENCES room (deal_id),
  account_id text NOT NULL,
  mark text NOT NULL,
  number bigint CHECK (number > 0),
  lot bigint CHECK (lot > 0),
  joined_at bigint NOT NULL,
  called_at bigint,
  used_at bigint,
  left_at bigint,
  CHECK (called_at IS NULL OR number IS NOT NULL)
);
CREATE UNIQUE INDEX room_place_number ON room_place (deal_id, number);
CREATE UNIQUE INDEX room_place_lot ON room_place (deal_id, lot);
CREATE UNIQUE INDEX room_place_mark ON room_place (deal_id, mark);
CREATE INDEX room_place_flight ON room_place (deal_id, called_at) WHERE used_at IS NULL AND left_at IS NULL;
