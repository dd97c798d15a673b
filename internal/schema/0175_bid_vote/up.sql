CREATE TABLE bid_vote (
  bid_id text NOT NULL REFERENCES bid (id),
  account_id text NOT NULL,
  wish_id text NOT NULL,
  flagged boolean NOT NULL,
  reason text NOT NULL,
  words text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (bid_id, account_id),
  CHECK (flagged = (reason <> ''))
);
CREATE INDEX bid_vote_account ON bid_vote (wish_id, account_id);

CREATE TABLE bid_word (
  id text PRIMARY KEY,
  bid_id text NOT NULL REFERENCES bid (id),
  answers text NOT NULL DEFAULT '',
  account_id text NOT NULL,
  words text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX bid_word_bid ON bid_word (bid_id, id);
CREATE UNIQUE INDEX bid_word_answer ON bid_word (answers) WHERE answers <> '';
