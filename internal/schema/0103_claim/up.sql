CREATE TABLE directory_claim (
  id text PRIMARY KEY,
  entry_id text NOT NULL REFERENCES directory_entry (id),
  merchant_id text NOT NULL,
  account_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('begun', 'asked', 'granted', 'refused', 'withdrawn', 'released')),
  reason text NOT NULL DEFAULT '',
  lost_to text NOT NULL DEFAULT '',
  created_at bigint NOT NULL,
  asked_at bigint,
  decided_at bigint,
  version bigint NOT NULL,
  CHECK ((state IN ('begun', 'asked')) = (decided_at IS NULL)),
  CHECK (state <> 'asked' OR asked_at IS NOT NULL)
);
CREATE UNIQUE INDEX directory_claim_granted ON directory_claim (entry_id) WHERE state = 'granted';
CREATE UNIQUE INDEX directory_claim_live ON directory_claim (entry_id, merchant_id)
  WHERE state IN ('begun', 'asked', 'granted');
CREATE INDEX directory_claim_merchant ON directory_claim (merchant_id, id);
CREATE INDEX directory_claim_asked ON directory_claim (asked_at, id) WHERE state = 'asked';
CREATE INDEX directory_claim_lost ON directory_claim (lost_to) WHERE lost_to <> '';

INSERT INTO directory_claim (id, entry_id, merchant_id, account_id, state, created_at, asked_at, decided_at, version)
  SELECT 'clm_' || substr(id, 5), id, merchant_id, '', 'granted', claimed_at, claimed_at, claimed_at, 1
  FROM directory_entry WHERE merchant_id IS NOT NULL;

CREATE INDEX directory_entry_region ON directory_entry (region_id, name, id) WHERE state = 'unclaimed';
DROP INDEX directory_entry_district;
