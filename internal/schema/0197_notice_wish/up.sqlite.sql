CREATE TABLE notice_wider (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  kind text NOT NULL CHECK (kind <> ''),
  subject text NOT NULL,
  title text NOT NULL,
  sender text NOT NULL,
  at INTEGER NOT NULL,
  read_at INTEGER
) STRICT
---
INSERT INTO notice_wider (id, account_id, kind, subject, title, sender, at, read_at)
  SELECT id, account_id, kind, subject, title, sender, at, read_at FROM notice
---
DROP TABLE notice
---
ALTER TABLE notice_wider RENAME TO notice
---
CREATE UNIQUE INDEX notice_once ON notice (account_id, subject)
---
CREATE INDEX notice_account ON notice (account_id, id)
---
CREATE INDEX notice_unread ON notice (account_id) WHERE read_at IS NULL
