SELECT f.id FROM refund f WHERE f.interest > 0 AND f.state IN ('accepted', 'settled')
  AND NOT EXISTS (SELECT 1 FROM interest i WHERE i.refund_id = f.id)
