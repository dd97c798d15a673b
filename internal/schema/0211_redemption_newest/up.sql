DROP INDEX redemption_unstated;
CREATE INDEX redemption_unstated ON redemption (merchant_id, day, id) WHERE statement_id IS NULL AND state = 'accepted';
