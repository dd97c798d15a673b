CREATE TABLE link_card (
  id text PRIMARY KEY,
  url text NOT NULL,
  title text NOT NULL DEFAULT '',
  description text NOT NULL DEFAULT '',
  site text NOT NULL DEFAULT '',
  photo text NOT NULL DEFAULT '',
  refused text NOT NULL DEFAULT '',
  at bigint NOT NULL
);
CREATE INDEX link_card_at ON link_card (at);
