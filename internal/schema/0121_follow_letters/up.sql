ALTER TABLE merchant_follow ADD COLUMN letters boolean NOT NULL DEFAULT FALSE;
