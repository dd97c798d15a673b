ALTER TABLE collect ADD COLUMN room bigint NOT NULL DEFAULT 0 CHECK (room >= 0);
UPDATE collect SET room = (SELECT CASE WHEN b.quantity_max = 0 THEN 0 WHEN b.quantity_max > coalesce(SUM(s.quantity), 0)
  THEN b.quantity_max ELSE coalesce(SUM(s.quantity), 0) END
 FROM bid b LEFT JOIN escrow_share s ON s.wish_id = collect.wish_id AND s.state = 'held'
 WHERE b.id = collect.bid_id GROUP BY b.id, b.quantity_max)
 WHERE state <> 'over' AND bid_id IN (SELECT id FROM bid);
