CREATE INDEX wish_reached ON wish (reached_at) WHERE reached_at IS NOT NULL;
CREATE INDEX auction_awarded ON auction (awarded_at) WHERE awarded_at IS NOT NULL;
