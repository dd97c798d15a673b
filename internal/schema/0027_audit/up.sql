CREATE TABLE audit (
  id text PRIMARY KEY,
  actor text NOT NULL,
  action text NOT NULL,
  resource text NOT NULL,
  detail text NOT NULL,
  address text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX audit_resource ON audit (resource, id);
CREATE INDEX audit_actor ON audit (actor, id);

CREATE TABLE setting (
  name text PRIMARY KEY,
  value text NOT NULL,
  changed_by text NOT NULL,
  changed_at bigint NOT NULL
);
