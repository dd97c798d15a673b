CREATE TABLE kit_mail (
  id text PRIMARY KEY,
  recipient text NOT NULL,
  recipient_name text NOT NULL,
  subject text NOT NULL,
  plain text NOT NULL,
  html text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX kit_mail_recipient ON kit_mail (recipient, at);
CREATE INDEX kit_mail_at ON kit_mail (at);
