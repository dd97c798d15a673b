ALTER TABLE escrow_shipment ADD COLUMN ask_at bigint DEFAULT 0;
ALTER TABLE escrow_shipment ADD COLUMN asks bigint NOT NULL DEFAULT 0;
CREATE INDEX escrow_shipment_ask ON escrow_shipment (ask_at, id) WHERE ask_at IS NOT NULL AND live AND number <> '';
