CREATE TABLE account (
  id text PRIMARY KEY,
  email text NOT NULL,
  email_key text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  locale text NOT NULL,
  staff_role text NOT NULL DEFAULT '' CHECK (staff_role IN ('', 'admin', 'finance', 'support')),
  home_region text NOT NULL DEFAULT '',
  confirmed_at bigint,
  blocked_at bigint,
  created_at bigint NOT NULL,
  session_epoch bigint NOT NULL DEFAULT 0,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX account_email ON account (email_key);
CREATE INDEX account_staff ON account (staff_role) WHERE staff_role <> '';

CREATE TABLE account_token (
  hash text PRIMARY KEY,
  account_id text NOT NULL REFERENCES account (id),
  purpose text NOT NULL CHECK (purpose IN ('confirm', 'reset', 'api')),
  label text NOT NULL DEFAULT '',
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint
);
CREATE INDEX account_token_account ON account_token (account_id, purpose);
