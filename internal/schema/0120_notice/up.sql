CREATE TABLE notice (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('deal_begins', 'follow_begins')),
  subject text NOT NULL,
  title text NOT NULL,
  sender text NOT NULL,
  at bigint NOT NULL,
  read_at bigint
);
CREATE UNIQUE INDEX notice_once ON notice (account_id, subject);
CREATE INDEX notice_account ON notice (account_id, id);
CREATE INDEX notice_unread ON notice (account_id) WHERE read_at IS NULL;
