ALTER TABLE payment ADD COLUMN wish_id text NOT NULL DEFAULT '';
ALTER TABLE refund ADD COLUMN wish_id text NOT NULL DEFAULT '';
CREATE INDEX payment_wish_open ON payment (wish_id) WHERE state = 'confirming' AND wish_id <> '';
