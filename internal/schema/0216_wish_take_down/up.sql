ALTER TABLE wish ADD COLUMN down_at bigint;
ALTER TABLE wish ADD COLUMN down_ground text NOT NULL DEFAULT '';
ALTER TABLE wish ADD COLUMN down_words text NOT NULL DEFAULT '';
ALTER TABLE wish ADD COLUMN down_key text NOT NULL DEFAULT '';
CREATE INDEX wish_down ON wish (down_at, id) WHERE down_at IS NOT NULL;
