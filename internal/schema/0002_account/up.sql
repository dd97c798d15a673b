CREATE TABLE account (
  id text PRIMARY KEY,
  email text NOT NULL,
  email_key text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  locale text NOT NULL CHECK (locale IN ('ko', 'en')),
  staff_role text NOT NULL DEFAULT '' CHECK (staff_role IN ('', 'admin', 'finance', 'support')),
  home_region text NOT NULL DEFAULT '',
  confirmed_at bigint NOT NULL,
  blocked_at bigint,
  created_at bigint NOT NULL,
  session_epoch bigint NOT NULL DEFAULT 0,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX account_email ON account (email_key);
CREATE INDEX account_staff ON account (staff_role) WHERE staff_role <> '';

CREATE TABLE account_pending (
  id text PRIMARY KEY,
  email text NOT NULL,
  email_key text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  locale text NOT NULL CHECK (locale IN ('ko', 'en')),
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX account_pending_email ON account_pending (email_key);
CREATE INDEX account_pending_expires ON account_pending (expires_at);

CREATE TABLE account_token (
  id text PRIMARY KEY,
  hash text NOT NULL,
  account_id text REFERENCES account (id),
  pending_id text REFERENCES account_pending (id),
  purpose text NOT NULL CHECK (purpose IN ('setup', 'confirm', 'reset', 'api')),
  label text NOT NULL DEFAULT '',
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint,
  CHECK ((account_id IS NOT NULL) = (purpose IN ('reset', 'api'))),
  CHECK ((pending_id IS NOT NULL) = (purpose = 'confirm'))
);
CREATE UNIQUE INDEX account_token_hash ON account_token (hash);
CREATE INDEX account_token_account ON account_token (account_id, purpose);
CREATE INDEX account_token_pending ON account_token (pending_id) WHERE pending_id IS NOT NULL;
CREATE INDEX account_token_expires ON account_token (expires_at);

CREATE TABLE account_session (
  id text PRIMARY KEY,
  account_id text NOT NULL REFERENCES account (id),
  device text NOT NULL,
  address text NOT NULL,
  created_at bigint NOT NULL,
  epoch bigint NOT NULL,
  seen_at bigint NOT NULL,
  ended_at bigint
);
CREATE INDEX account_session_account ON account_session (account_id, created_at);
