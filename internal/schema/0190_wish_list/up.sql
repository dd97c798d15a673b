CREATE INDEX wish_state ON wish (state, id);
CREATE INDEX wish_gathering_until ON wish (until_at, id) WHERE state = 'gathering';
CREATE INDEX wish_gathering_near ON wish ((threshold - firm), id) WHERE state = 'gathering';
CREATE INDEX wish_bidding_reached ON wish (reached_at, id) WHERE state = 'bidding';
CREATE INDEX wish_member_account ON wish_member (account_id, wish_id) WHERE kind <> 'away';
