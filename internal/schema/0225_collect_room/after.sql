-- Nobody has paid for units that the seller had not offered.
SELECT c.wish_id FROM collect c JOIN escrow_share s ON s.wish_id = c.wish_id
 WHERE c.room > 0 AND s.state IN ('held', 'shipped', 'delivered', 'disputed')
 GROUP BY c.wish_id, c.room HAVING SUM(s.quantity) > c.room;
