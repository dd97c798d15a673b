ALTER TABLE payment ADD COLUMN purpose text NOT NULL DEFAULT '';
ALTER TABLE refund ADD COLUMN purpose text NOT NULL DEFAULT '';
ALTER TABLE interest ADD COLUMN kind text NOT NULL DEFAULT '';
CREATE INDEX interest_deposit ON interest (refund_id) WHERE kind = 'deposit';
