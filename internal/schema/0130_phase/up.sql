CREATE TABLE kit_phase (
  version bigint PRIMARY KEY,
  phase text NOT NULL CHECK (phase IN ('expand', 'contract')),
  needs bigint NOT NULL
);
